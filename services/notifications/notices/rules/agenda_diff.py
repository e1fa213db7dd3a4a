"""What a new version of an agenda changes for each participant. Pure."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from services.notifications.notices.context import members_of
from services.notifications.notices.facts import ChangeKind
from services.notifications.read_models import Agenda, PlacedMeeting


class Seat(NamedTuple):
    """Where a meeting is, with which members and people; without a slot it has no place."""

    members: tuple[str, ...]
    slot: int | None
    table: int | None
    people: tuple[str, ...] = ()


class Change(NamedTuple):
    """What became of one meeting: `reseated` at another table of its slot, `represented` by other people only, `unplaced` from
    the beginning, or `appointed` where it left the agenda for an appointment."""

    kind: ChangeKind
    before: Seat | None
    after: Seat | None


def participants(agenda: Agenda) -> set[str]:
    """All members in an agenda, placed or not."""
    placed = {member for meeting in agenda.placements for member in members_of(meeting)}
    return placed | {member for meeting in agenda.unplaced for member in members_of(meeting)}


def changes(
    before: Agenda, after: Agenda, appointments: Iterable[PlacedMeeting] = (), ignored: Collection[str] = ()
) -> dict[str, list[Change]]:
    """The changes for each participant, but for `ignored` meetings; a participant without any is left out.

    `appointments` are the meetings outside the new version.
    """
    old_seats, new_seats = ({id: seat for id, seat in _seats(agenda).items() if id not in ignored} for agenda in (before, after))
    appointed = _placed(appointments)
    by_member: dict[str, list[Change]] = {}
    for id in sorted(old_seats.keys() | new_seats.keys()):
        change = _change(old_seats.get(id), new_seats.get(id), appointed.get(id))
        seat = change and (change.after or change.before)
        for member in seat.members if seat else ():
            assert change is not None
            by_member.setdefault(member, []).append(change)
    return by_member


def _change(before: Seat | None, after: Seat | None, appointed: Seat | None) -> Change | None:
    old_slot, new_slot = before.slot if before else None, after.slot if after else None
    if old_slot is None and new_slot is None:
        return Change("unplaced", before, after) if before is None else None
    if old_slot is None:
        return Change("added", before, after)
    if new_slot is None:
        return Change("appointed", before, appointed) if appointed else Change("removed", before, after)
    if old_slot != new_slot:
        return Change("moved", before, after)
    assert before is not None, "it had a slot"
    assert after is not None, "it has a slot"
    if before.table != after.table:
        return Change("reseated", before, after)
    return Change("represented", before, after) if before.people != after.people else None


def _seats(agenda: Agenda) -> dict[str, Seat]:
    unplaced = {meeting.meeting_id: Seat(members_of(meeting), None, None) for meeting in agenda.unplaced}
    return unplaced | _placed(agenda.placements)


def _placed(meetings: Iterable[PlacedMeeting]) -> dict[str, Seat]:
    return {meeting.meeting_id: Seat(members_of(meeting), meeting.slot, meeting.table, meeting.people) for meeting in meetings}
