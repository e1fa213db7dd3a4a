"""Who of a member sits in which meeting, and how its limit is shared."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.events.meeting.rules.representatives import assign_representatives, split_limit
from tests.events.appointment.rules.test_booking import PAIR
from tests.events.meeting.rules.test_requests import after


@given(st.none() | st.integers(1, 12), st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_what_a_member_wishes_for_its_people_share(limit: int | None, given_to: list[int]) -> None:
    shares = split_limit(limit, given_to)
    if limit is None or sum(given_to) <= limit:
        assert shares == (None,) * len(given_to)
    else:
        assert sum(share or 0 for share in shares) == limit, "never more, and no less"
        assert all((share or 0) <= has for share, has in zip(shares, given_to, strict=True))


def test_who_is_named_sits_there_whoever_sat_there_before() -> None:
    people = {"anna": ("anna:r1", "anna:r2"), "bruno": ("bruno",)}
    named = replace(after(*PAIR), people=("anna:r2",))
    before = {"m": ("anna:r1", "bruno")}
    assert assign_representatives({"m": named}, people, before) == {"m": ("anna:r2", "bruno")}
    with_unknown_representative = replace(named, people=("anna:r9",))
    assert assign_representatives({"m": with_unknown_representative}, people, before) == {"m": ("anna:r1", "bruno")}
