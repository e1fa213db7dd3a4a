"""A projection folded in memory by the chassis's own rules, without a database: what its documents must come to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.chassis.inbox.message import Received, by_stream
from shared.chassis.inbox.ordering import put_in_order
from shared.chassis.projections.fold import fold_all, read_events
from shared.chassis.projections.projection import Projection
from shared.chassis.telemetry.metrics_and_traces import Metrics
from tests.system.properties.in_memory_world import MORNING, loaded, stored

METRICS = Metrics()


@dataclass
class Folder:
    """Documents, positions, what waits, and what was marked."""

    projection: Projection[Any]
    documents: dict[str, Any] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, list[Received]] = field(default_factory=lambda: defaultdict(list))
    dirty: dict[str, str] = field(default_factory=dict)

    def take(self, batch: Sequence[Received]) -> None:
        """Apply a batch."""
        ready: list[Received] = []
        for stream, arrived in by_stream(batch).items():
            dense = not next(topic for topic in self.projection.topics if topic.name == arrived[0].record.topic).compacted
            result = put_in_order(self.positions.get(stream, 0), arrived, self.waiting[stream], {}, dense)
            ready += result.ready
            self.waiting[stream] += result.held
        events, unreadable = read_events(ready, METRICS, self.projection.name)
        assert not unreadable
        rows = {id: self.projection.read(document) for id, document in self.documents.items() if document is not None}
        folded = fold_all(self.projection, events, unreadable, rows, MORNING)
        assert not folded.held, folded.held
        for id, row in folded.rows.items():
            self.documents[id] = None if row is None else loaded(stored({**self.projection.dump(row), "_id": id}))
        self.dirty |= folded.dirty
        for event in folded.applied:
            self.positions[event.stream] = event.sequence
            self.waiting[event.stream] = [held for held in self.waiting[event.stream] if held.sequence > event.sequence]

    def left(self) -> list[Received]:
        """What still waits."""
        return [event for waiting in self.waiting.values() for event in waiting]

    def present_documents(self) -> dict[str, Any]:
        """The documents there are."""
        return {id: document for id, document in self.documents.items() if document is not None}


def folded(projection: Projection[Any], batches: Iterable[Sequence[Received]]) -> Folder:
    """Fold batches one after the other."""
    folder = Folder(projection)
    for batch in batches:
        folder.take(batch)
    return folder
