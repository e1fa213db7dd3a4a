"""A consumer takes nothing of a topic that was deleted and created again, until an operator has accepted it."""

from collections.abc import Callable, Mapping, Sequence, Set

from shared.chassis.kafka.group_member import Membership
from shared.chassis.kafka.topic_reader import KafkaRecord


class Standstill:
    """The topics of a consumer that stand still. `topics` are the catalogue's names by those on the broker."""

    def __init__(self, membership: Membership, topics: Mapping[str, str], replaced: Callable[[], Set[str]]) -> None:
        self._membership = membership
        self._topics = topics
        self._replaced = replaced
        self._paused: Set[str] = frozenset()

    def topics(self) -> Set[str]:
        """The topics that stand still now."""
        return self._replaced() & set(self._topics.values())

    def usable(self, records: Sequence[KafkaRecord]) -> Sequence[KafkaRecord]:
        """Leave out the records of these topics, and fetch no more of them: they are read from the beginning later."""
        if not (topics := self.topics()):
            return records
        self._paused = self._paused | topics
        self._membership.pause(topics)
        return [record for record in records if self._topics[record.topic] not in topics]

    async def resume(self) -> None:
        """Read the topics accepted meanwhile from their beginning."""
        topics = self.topics()
        if accepted := self._paused - topics:
            await self._membership.rewind(accepted)
        self._paused = topics
