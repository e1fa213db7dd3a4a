"""Only those are told of a new version whose agenda it changes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.notices.agenda_diff import changes, in_agenda

MEETINGS = {"m1": ("a", "b"), "m2": ("b", "c"), "m3": ("c", "d"), "m4": ("a", "d")}


def agenda(seats: dict[str, tuple[int, int] | None]) -> dict[str, Any]:
    """An agenda with these seats; a meeting without one has no place."""
    fields = {id: {"meeting_id": id, "members": MEETINGS[id], "others": ()} for id in seats}
    return {
        "placements": [{**fields[id], "slot": seat[0], "table": seat[1]} for id, seat in seats.items() if seat],
        "unplaced": [fields[id] for id, seat in seats.items() if not seat],
    }


seats = st.dictionaries(st.sampled_from(list(MEETINGS)), st.none() | st.tuples(st.integers(1, 3), st.integers(1, 2)))


@given(seats, seats)
def test_who_is_told_is_who_has_another_agenda(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = changes(agenda(before), agenda(after))
    for member in "abcd":
        mine = [{id: seat for id, seat in one.items() if member in MEETINGS[id] and seat} for one in (before, after)]
        fresh = {id for id in after if member in MEETINGS[id] and id not in before and after[id] is None}
        assert (member in found) == (mine[0] != mine[1] or bool(fresh))
        assert len(found.get(member, [])) <= len(MEETINGS)
    assert set(found) <= in_agenda(agenda(before)) | in_agenda(agenda(after))


def test_who_comes_for_a_member_is_told_when_it_changes() -> None:
    before, after = agenda({"m1": (1, 1), "m2": (2, 1)}), agenda({"m1": (1, 1), "m2": (2, 1)})
    before["placements"][0]["people"], after["placements"][0]["people"] = ["a:r1", "b"], ["a:r2", "b"]
    assert {member: [change.what for change in mine] for member, mine in changes(before, after).items()} == {
        "a": ["represented"],
        "b": ["represented"],
    }


def test_a_meeting_that_became_an_appointment_is_not_called_off() -> None:
    before, after = agenda({"m1": (1, 1), "m2": (2, 1), "m3": None}), agenda({})
    after["appointments"] = agenda({"m1": (3, 2), "m3": (2, 2), "m4": (1, 1)})["placements"]
    found = changes(before, after)
    assert {member: [change.what for change in mine] for member, mine in found.items()} == {
        "a": ["appointed"],
        "b": ["appointed", "removed"],
        "c": ["removed"],
    }
    assert found["a"][0].after is not None
    assert found["a"][0].after.slot == 3


def test_what_changed_is_named() -> None:
    before = agenda({"m1": (1, 1), "m2": (2, 1), "m3": (3, 1)})
    after = agenda({"m1": (1, 2), "m2": (3, 1), "m3": None, "m4": (2, 2)})
    assert {member: [change.what for change in mine] for member, mine in changes(before, after).items()} == {
        "a": ["reseated", "added"],
        "b": ["reseated", "moved"],
        "c": ["moved", "removed"],
        "d": ["removed", "added"],
    }
