"""The differences between two versions of an agenda."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.events.agenda.state import Agenda, Placement


@dataclass(frozen=True)
class Move:
    """A meeting at its place before and after."""

    meeting_id: str
    before: Placement
    after: Placement


@dataclass(frozen=True)
class Differences:
    """Meetings that are new, removed, in another slot, only at another table, or only with other people of the same members.

    `members` are those whose agenda changes by any of these.
    """

    added: tuple[Placement, ...]
    removed: tuple[Placement, ...]
    moved: tuple[Move, ...]
    reseated: tuple[Move, ...]
    represented: tuple[Move, ...]
    members: tuple[str, ...]


def differences(before: Agenda, after: Agenda) -> Differences:
    """Compare two versions, meeting by meeting, in the order of their ids."""
    old = {placement.meeting_id: placement for placement in before.placements}
    new = {placement.meeting_id: placement for placement in after.placements}
    remaining = old.keys() & new.keys()
    moved = {id for id in remaining if old[id].slot != new[id].slot}
    reseated = {id for id in remaining - moved if old[id].table != new[id].table}
    represented = {id for id in remaining - moved - reseated if old[id].people != new[id].people}
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    changed = [new.get(id) or old[id] for id in added | removed | moved | reseated | represented]

    def moves(ids: Iterable[str]) -> tuple[Move, ...]:
        return tuple(Move(id, old[id], new[id]) for id in sorted(ids))

    return Differences(
        added=tuple(new[id] for id in sorted(added)),
        removed=tuple(old[id] for id in sorted(removed)),
        moved=moves(moved),
        reseated=moves(reseated),
        represented=moves(represented),
        members=tuple(sorted({member for placement in changed for member in placement.sides})),
    )
