"""What a new version of an agenda changes for each participant. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

Agenda = Mapping[str, Any]


class Seat(NamedTuple):
    """Where a meeting is, with whom, and who comes for them; without a slot it has no place."""

    members: tuple[str, ...]
    slot: int | None
    table: int | None
    people: tuple[str, ...] = ()


class Change(NamedTuple):
    """What became of one meeting: `added`, `removed`, `moved`, `reseated`, `represented` where only somebody else comes,
    `unplaced` where it never had a place, or `appointed` where it left the agenda for an appointment."""

    what: str
    before: Seat | None
    after: Seat | None


def in_agenda(agenda: Agenda) -> set[str]:
    """Name everybody in an agenda, placed or not."""
    return {member for one in (*agenda["placements"], *agenda["unplaced"]) for member in _members(one)}


def changes(before: Agenda, after: Agenda, but: Collection[str] = ()) -> dict[str, list[Change]]:
    """Tell what changed for whom, `but` for some meetings; who is not named has the same agenda as before."""
    old, new = ({id: seat for id, seat in _seats(agenda).items() if id not in but} for agenda in (before, after))
    appointed = _placed(after.get("appointments", ()))
    found: dict[str, list[Change]] = {}
    for id in sorted(old.keys() | new.keys()):
        change = _change(old.get(id), new.get(id), appointed.get(id))
        if change is not None:
            for member in (change.after or change.before or Seat((), None, None)).members:
                found.setdefault(member, []).append(change)
    return found


def _change(before: Seat | None, after: Seat | None, appointed: Seat | None) -> Change | None:
    was, now = before.slot if before else None, after.slot if after else None
    if was is None and now is None:
        return Change("unplaced", before, after) if before is None else None
    if was is None:
        return Change("added", before, after)
    if now is None:
        return Change("appointed", before, appointed) if appointed else Change("removed", before, after)
    if was != now:
        return Change("moved", before, after)
    assert before is not None, "it was somewhere"
    assert after is not None, "it is somewhere"
    if before.table != after.table:
        return Change("reseated", before, after)
    return Change("represented", before, after) if before.people != after.people else None


def _seats(agenda: Agenda) -> dict[str, Seat]:
    return {one["meeting_id"]: Seat(_members(one), None, None) for one in agenda["unplaced"]} | _placed(agenda["placements"])


def _placed(meetings: Iterable[Mapping[str, Any]]) -> dict[str, Seat]:
    return {one["meeting_id"]: Seat(_members(one), one["slot"], one["table"], tuple(one.get("people", ()))) for one in meetings}


def _members(one: Mapping[str, Any]) -> tuple[str, ...]:
    people: Iterable[str] = (*one["members"], *one["others"])
    return tuple(people)
