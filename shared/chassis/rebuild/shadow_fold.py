"""A projection folded from the beginning of its topics, in a database of its own."""

from collections.abc import Awaitable, Callable, Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiokafka import TopicPartition

from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import INDEXES, WAITING
from shared.chassis.inbox.message import Received, Record, receive
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.kafka.topic_reader import SilenceTimeout, reader
from shared.chassis.mongo import Mongo, ensure_indexes
from shared.chassis.projections.handler import ProjectionHandler
from shared.chassis.projections.projection import DIRTY, Projection
from shared.chassis.rebuild.lineage import Lineage
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.contracts.envelope import Undecodable


class ShadowFold:
    """Folds with the code of the live consumer, so that order, gaps and failures are handled alike. In no consumer group."""

    def __init__(self, mongo: Mongo, projection: Projection[Any], settings: Settings, clock: Callable[[], datetime]) -> None:
        self.lineage = Lineage()
        self._dropped: Set[tuple[str, int]] = frozenset()
        self._mongo = mongo
        self._projection = projection
        self._batch = settings.batch
        self._topics = {settings.named(topic.name): topic for topic in projection.topics}
        self._fold = ProjectionHandler(mongo, self.lineage.record(projection), clock, Metrics())
        self._kafka = reader(settings)

    async def open(self, dropped: Set[tuple[str, int]]) -> int:
        """Start at the beginning, passing over events that operators dropped; return the number of records now."""
        self._dropped = dropped
        await ensure_indexes(self._mongo, {POSITIONS: [], DIRTY: [], WAITING: INDEXES, self._projection.collection: []})
        await self._kafka.start()
        places = [TopicPartition(name, number) for name, topic in self._topics.items() for number in range(topic.partitions)]
        self._kafka.assign(places)
        await self._kafka.seek_to_beginning(*places)
        begin, end = await self._kafka.beginning_offsets(places), await self._kafka.end_offsets(places)
        return sum(end[place] - begin[place] for place in places)

    async def catch_up(self, folded: Callable[[int], Awaitable[None]]) -> int:
        """Fold up to the current end of the topics; return the number of records. `folded` is called after each batch.

        Raises KafkaSilent where nothing comes.
        """
        ends = await self._kafka.end_offsets(self._kafka.assignment())
        total = 0
        timeout = SilenceTimeout(self._projection.name)
        self._kafka.resume(*ends)
        while behind := [place for place, end in ends.items() if await self._kafka.position(place) < end]:
            self._kafka.pause(*(ends.keys() - set(behind)))  # partitions at their end are not waited for
            fetched = await self._kafka.getmany(*behind, timeout_ms=1000, max_records=self._batch)
            records = [record for partition in fetched.values() for record in partition]
            timeout.received(len(records))
            if batch := [event for raw in records if (event := self._read(raw)) is not None]:
                await self._fold.consume(batch)
            total += len(records)
            await folded(len(records))
        self._kafka.pause(*ends)
        return total

    def _read(self, raw: object) -> Received | None:
        record = Record(self._topics[raw.topic].name, raw.partition, raw.offset, raw.key, tuple(raw.headers), raw.value)  # type: ignore[attr-defined]
        try:
            received = receive(record)
        except Undecodable:
            return None  # a dead letter of the live consumer; it belongs to no aggregate
        if (received.stream, received.sequence) in self._dropped:
            # An operator passed over it: an event of no type known here passes, and its sequence counts.
            return replace(received, envelope=replace(received.envelope, type="dropped"))
        return received

    async def close(self) -> None:
        """Leave Kafka."""
        await self._kafka.stop()
