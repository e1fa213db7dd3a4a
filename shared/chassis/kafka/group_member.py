"""One member of a consumer group: its partitions, its offsets in them, and their revocation."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from shared.chassis.kafka.topic_reader import KafkaRecord
from shared.chassis.kafka.topics import Partitions

log = structlog.get_logger()


class Membership(ConsumerRebalanceListener):  # type: ignore[misc]
    """The client's rebalance listener. `topics` are the catalogue's names by those on the broker.

    Whoever applies records holds `turn`, and stops when `leaving` is set: partitions are being revoked then, which waits at
    most `patience` seconds.
    """

    def __init__(self, consumer: str, topics: Mapping[str, str], patience: float, kafka: Callable[[], AIOKafkaConsumer]) -> None:
        self.turn = asyncio.Lock()
        self.leaving = False
        self.joined = False
        self._consumer = consumer
        self._topics = topics
        self._patience = patience
        self._kafka = kafka
        self._reached: dict[TopicPartition, int] = {}

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Finish the batch under way before another member gets these partitions."""
        self.joined = False
        self._reached.clear()
        if not revoked:
            return
        self.leaving = True
        try:
            await asyncio.wait_for(self.turn.acquire(), self._patience)
        except TimeoutError:
            log.warning("revoked_while_busy", consumer=self._consumer)
        else:
            self.turn.release()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Start from the committed offsets; where there are more members than partitions, one gets none."""
        self.joined = True

    def begin(self, records: Sequence[KafkaRecord]) -> None:
        """Record the first offsets of a batch."""
        for record in reversed(records):
            self._reached[TopicPartition(record.topic, record.partition)] = record.offset

    async def commit(self, records: Sequence[KafkaRecord]) -> None:
        """Commit an applied batch, on the partitions still assigned."""
        offsets = {TopicPartition(record.topic, record.partition): record.offset + 1 for record in records}
        self._reached |= offsets
        kafka = self._kafka()
        own = {partition: offset for partition, offset in offsets.items() if partition in kafka.assignment()}
        try:
            await kafka.commit(own)
        except (IllegalStateError, KafkaError) as error:
            # The positions know what was applied: redelivered records are dropped.
            log.warning("commit_failed", consumer=self._consumer, error=repr(error))

    def pause(self, topics: Set[str]) -> None:
        """Fetch nothing of these topics of the catalogue."""
        self._kafka().pause(*self._of(topics))

    async def rewind(self, topics: Set[str]) -> None:
        """Fetch these topics of the catalogue from their beginning."""
        if partitions := self._of(topics):
            await self._kafka().seek_to_beginning(*partitions)
            self._kafka().resume(*partitions)
            self._reached |= dict.fromkeys(partitions, 0)

    def _of(self, topics: Set[str]) -> set[TopicPartition]:
        return {partition for partition in self._kafka().assignment() if self._topics[partition.topic] in topics}

    def partitions(self) -> Partitions:
        """This member's partitions by topic. Others' partitions may have a batch in progress, which a redrive would cross."""
        partitions: dict[str, set[int]] = defaultdict(set)
        for assigned in self._kafka().assignment() if self.joined else ():
            partitions[self._topics[assigned.topic]].add(assigned.partition)
        return partitions

    async def lag(self) -> int | None:
        """The number of records on this member's partitions not yet applied.

        None before partitions are assigned, and where the client knows no partition of a topic.
        """
        kafka = self._kafka()
        if not self.joined or not all(map(kafka.partitions_for_topic, self._topics)):
            return None
        ends: dict[TopicPartition, int] = await kafka.end_offsets(kafka.assignment())
        begun = await asyncio.gather(*(self._begun(kafka, partition) for partition in ends))
        # Records applied since the ends were read must not offset those of another partition.
        return sum(max(0, end - reached) for end, reached in zip(ends.values(), begun, strict=True))

    async def _begun(self, kafka: AIOKafkaConsumer, partition: TopicPartition) -> int:
        reached = self._reached.get(partition)
        return int(await kafka.committed(partition) or 0) if reached is None else reached
