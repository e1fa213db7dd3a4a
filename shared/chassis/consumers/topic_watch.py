"""Watches the topics of a service: one that is missing, or was deleted and created again, is reported and not consumed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import structlog

from shared.chassis.config import Settings
from shared.chassis.inbox.topic_ids import known_ids, remember_ids
from shared.chassis.kafka.admin import Admin
from shared.chassis.mongo import Mongo
from shared.chassis.workers.polling_worker import PollingWorker
from shared.contracts.topics import Topic

log = structlog.get_logger()
INTERVAL = 2
MISSING = "the topic does not exist: `distretti up` creates it, without its events"
REPLACED = (
    "the topic was deleted and created again: its events are gone, or new ones have their numbers. Nothing of it is consumed "
    "until an operator restores a backup or accepts it (`distretti topics accept`)"
)


class TopicWatch(PollingWorker):
    """Compares the ids of the topics on the broker with those in the store, every two seconds.

    `problems` says what is wrong with which topic; `replaced` has those that were created again.
    """

    def __init__(
        self, mongo: Mongo, admin: Admin, settings: Settings, topics: Iterable[Topic], clock: Callable[[], datetime]
    ) -> None:
        super().__init__(self.check, name="topic_watch", interval=INTERVAL)
        self.problems: Mapping[str, str] = {}
        self.replaced: frozenset[str] = frozenset()
        self._mongo = mongo
        self._admin = admin
        self._names = {settings.named(topic.name): topic.name for topic in topics}
        self._clock = clock

    async def check(self) -> None:
        """Compare, and remember the ids of topics seen for the first time."""
        on_broker = {self._names[name]: id for name, id in (await self._admin.topic_ids(list(self._names))).items()}
        stored_ids = await known_ids(self._mongo)
        await remember_ids(self._mongo, {name: id for name, id in on_broker.items() if name not in stored_ids}, self._clock())
        self.replaced = frozenset(name for name, id in on_broker.items() if stored_ids.get(name, id) != id)
        missing = dict.fromkeys(self._names.values() - on_broker.keys(), MISSING)
        self._report({**missing, **dict.fromkeys(self.replaced, REPLACED)})

    def _report(self, problems: Mapping[str, str]) -> None:
        for name, problem in problems.items():
            if self.problems.get(name) != problem:
                log.error("topic_unusable", topic=name, reason=problem)
        for name in self.problems.keys() - problems.keys():
            log.info("topic_usable", topic=name)
        self.problems = problems
