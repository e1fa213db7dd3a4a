"""Only those are notified of a new version whose agenda it changes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.notices.rules.agenda_diff import Change, changes, participants
from services.notifications.read_models import Agenda, PlacedMeeting, UnplacedMeeting

MEETINGS = {"m1": ("a", "b"), "m2": ("b", "c"), "m3": ("c", "d"), "m4": ("a", "d")}
Seats = dict[str, tuple[int, int] | None]
"""The slot and table of each meeting; None for one without a place."""


def placed(id: str, slot: int, table: int) -> PlacedMeeting:
    return PlacedMeeting(id, MEETINGS[id], (), slot, table, ())


def agenda(seats: Seats) -> Agenda:
    return Agenda(
        tuple(placed(id, *seat) for id, seat in seats.items() if seat),
        tuple(UnplacedMeeting(id, MEETINGS[id], ()) for id, seat in seats.items() if not seat),
    )


def kinds(by_member: dict[str, list[Change]]) -> dict[str, list[str]]:
    return {member: [change.kind for change in changed] for member, changed in by_member.items()}


seats = st.dictionaries(st.sampled_from(list(MEETINGS)), st.none() | st.tuples(st.integers(1, 3), st.integers(1, 2)))


@given(seats, seats)
def test_who_is_notified_is_who_has_another_agenda(before: Seats, after: Seats) -> None:
    changed = changes(agenda(before), agenda(after))
    for member in "abcd":
        old, new = ({id: seat for id, seat in version.items() if member in MEETINGS[id] and seat} for version in (before, after))
        never_placed = {id for id in after if member in MEETINGS[id] and id not in before and after[id] is None}
        assert (member in changed) == (old != new or bool(never_placed))
        assert len(changed.get(member, [])) <= len(MEETINGS)
    assert set(changed) <= participants(agenda(before)) | participants(agenda(after))


def test_another_representative_is_a_change() -> None:
    version = agenda({"m1": (1, 1), "m2": (2, 1)})
    before, after = (
        replace(version, placements=(replace(version.placements[0], people=(person, "b")), version.placements[1]))
        for person in ("a:r1", "a:r2")
    )
    assert kinds(changes(before, after)) == {"a": ["represented"], "b": ["represented"]}


def test_a_meeting_that_became_an_appointment_is_not_cancelled() -> None:
    appointments = [placed("m1", 3, 2), placed("m3", 2, 2), placed("m4", 1, 1)]
    changed = changes(agenda({"m1": (1, 1), "m2": (2, 1), "m3": None}), agenda({}), appointments)
    assert kinds(changed) == {"a": ["appointed"], "b": ["appointed", "removed"], "c": ["removed"]}
    assert changed["a"][0].after is not None
    assert changed["a"][0].after.slot == 3


def test_ignored_meetings_are_no_changes() -> None:
    before, after = agenda({"m1": (1, 1), "m2": (2, 1)}), agenda({})
    assert kinds(changes(before, after, ignored=("m1",))) == {"b": ["removed"], "c": ["removed"]}


def test_each_kind_of_change_has_a_name() -> None:
    before = agenda({"m1": (1, 1), "m2": (2, 1), "m3": (3, 1)})
    after = agenda({"m1": (1, 2), "m2": (3, 1), "m3": None, "m4": (2, 2)})
    assert kinds(changes(before, after)) == {
        "a": ["reseated", "added"],
        "b": ["reseated", "moved"],
        "c": ["moved", "removed"],
        "d": ["removed", "added"],
    }
