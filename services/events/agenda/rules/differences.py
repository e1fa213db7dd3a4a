"""What differs between two versions of an agenda."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.events.agenda.state import Agenda, Placement


@dataclass(frozen=True)
class Moved:
    """A meeting at its place before, and after."""

    meeting_id: str
    before: Placement
    after: Placement


@dataclass(frozen=True)
class Differences:
    """Meetings that are new, gone, in another slot, only at another table, or only with other people of the same members;
    and the members whose agenda changes by it."""

    added: tuple[Placement, ...]
    removed: tuple[Placement, ...]
    moved: tuple[Moved, ...]
    reseated: tuple[Moved, ...]
    represented: tuple[Moved, ...]
    members: tuple[str, ...]


def differences(before: Agenda, after: Agenda) -> Differences:
    """Compare two versions, each list in the order of meeting ids."""
    old, new = before.by_meeting(), after.by_meeting()
    both = old.keys() & new.keys()
    moved = {id for id in both if old[id].slot != new[id].slot}
    reseated = {id for id in both - moved if old[id].table != new[id].table}
    represented = {id for id in both - moved - reseated if old[id].people != new[id].people}
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    changed = (new.get(id) or old[id] for id in added | removed | moved | reseated | represented)

    def pairs(ids: Iterable[str]) -> tuple[Moved, ...]:
        return tuple(Moved(id, old[id], new[id]) for id in sorted(ids))

    return Differences(
        added=tuple(new[id] for id in sorted(added)),
        removed=tuple(old[id] for id in sorted(removed)),
        moved=pairs(moved),
        reseated=pairs(reseated),
        represented=pairs(represented),
        members=tuple(sorted({member for placement in changed for member in placement.sides})),
    )
