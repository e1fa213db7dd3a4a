"""Lineage: the streams that each projected document is folded from, which must be at the same position to compare it."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from typing import Any

from shared.chassis.inbox.message import Received
from shared.chassis.projections.projection import Projection
from shared.contracts.base import DomainEvent


@dataclass(frozen=True)
class Group:
    """Documents with all streams they are folded from: no stream of another group feeds these documents."""

    streams: frozenset[str]
    documents: frozenset[str]


class Lineage:
    """Records, while a projection is folded, which stream feeds which documents and sets which dirty marks."""

    def __init__(self) -> None:
        self._documents: dict[str, set[str]] = {}
        self._streams: dict[str, set[str]] = {}
        self._marks: dict[str, set[str]] = {}

    @property
    def streams(self) -> Set[str]:
        """All folded streams."""
        return self._documents.keys()

    @property
    def documents(self) -> Set[str]:
        """All documents that an event was folded into."""
        return self._streams.keys()

    def record(self, projection: Projection[Any]) -> Projection[Any]:
        """The same projection, with its lineage recorded here."""

        def targets(received: Received, event: DomainEvent) -> Iterable[str]:
            ids = tuple(projection.targets(received, event))
            self._documents.setdefault(received.stream, set()).update(ids)
            for id in ids:
                self._streams.setdefault(id, set()).add(received.stream)
            return ids

        def marks(received: Received, event: DomainEvent) -> Iterable[str]:
            ids = tuple(projection.marks(received, event))
            self._marks.setdefault(received.stream, set()).update(ids)
            return ids

        return replace(projection, targets=targets, marks=marks)

    def marks_of(self, streams: Iterable[str]) -> set[str]:
        """The ids that events of these streams mark dirty."""
        return {id for stream in streams for id in self._marks.get(stream, ())}

    def groups(self, streams: Iterable[str]) -> Iterator[Group]:
        """Group these streams, each with all streams and documents connected to it."""
        seen: set[str] = set()
        for first in streams:
            if first in seen:
                continue
            connected, documents, pending = {first}, set[str](), [first]
            while pending:
                fed = self._documents[pending.pop()] - documents
                documents |= fed
                feeding = {stream for id in fed for stream in self._streams[id]} - connected
                connected |= feeding
                pending += feeding
            seen |= connected
            yield Group(frozenset(connected), frozenset(documents))
