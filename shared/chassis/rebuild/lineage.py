"""Which aggregates a projected document is made of: what must be at the same place before it can be compared."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from typing import Any

from shared.chassis.inbox.message import Received
from shared.chassis.projections.projection import Projection
from shared.contracts.base import DomainEvent


@dataclass(frozen=True)
class Group:
    """Documents and the lanes they are folded from, closed: no lane of another group feeds these documents."""

    lanes: frozenset[str]
    documents: frozenset[str]


class Footprint:
    """Notes, while a projection is folded, which lane feeds which documents and puts which marks."""

    def __init__(self) -> None:
        self._documents: dict[str, set[str]] = {}
        self._lanes: dict[str, set[str]] = {}
        self._marks: dict[str, set[str]] = {}

    @property
    def lanes(self) -> Set[str]:
        """Every lane that was folded."""
        return self._documents.keys()

    @property
    def documents(self) -> Set[str]:
        """Every document that an event was folded into."""
        return self._lanes.keys()

    def watch(self, projection: Projection[Any]) -> Projection[Any]:
        """Give a projection that folds the same and is noted here."""

        def targets(received: Received, event: DomainEvent) -> Iterable[str]:
            ids = tuple(projection.targets(received, event))
            self._documents.setdefault(received.lane, set()).update(ids)
            for id in ids:
                self._lanes.setdefault(id, set()).add(received.lane)
            return ids

        def marks(received: Received, event: DomainEvent) -> Iterable[str]:
            ids = tuple(projection.marks(received, event))
            self._marks.setdefault(received.lane, set()).update(ids)
            return ids

        return replace(projection, targets=targets, marks=marks)

    def marks_of(self, lanes: Iterable[str]) -> set[str]:
        """Tell which ids the events of these lanes mark dirty."""
        return {id for lane in lanes for id in self._marks.get(lane, ())}

    def groups(self, wanted: Iterable[str]) -> Iterator[Group]:
        """Put these lanes into groups, each with every lane and document that hangs together with it."""
        seen: set[str] = set()
        for first in wanted:
            if first in seen:
                continue
            lanes, documents, rest = {first}, set[str](), [first]
            while rest:
                fed = self._documents[rest.pop()] - documents
                documents |= fed
                more = {lane for id in fed for lane in self._lanes[id]} - lanes
                lanes |= more
                rest += more
            seen |= lanes
            yield Group(frozenset(lanes), frozenset(documents))
