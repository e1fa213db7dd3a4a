"""Held events are retried and operator actions carried out while the service runs."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from shared.chassis.dead_letters.operator_actions import pending_actions
from shared.chassis.mongo import Document, Mongo
from shared.chassis.workers.polling_worker import PollingWorker

log = structlog.get_logger()
INTERVAL = 0.5


class Retrying(Protocol):
    """What the loop needs of a consumer."""

    @property
    def name(self) -> str: ...

    async def redrive(self, actions: Sequence[Document]) -> None: ...


class RetryLoop(PollingWorker):
    """Retries the held events of each consumer twice a second, in a task of its own: a busy consumer delays no other."""

    def __init__(self, mongo: Mongo, consumers: Sequence[Retrying]) -> None:
        super().__init__(self._round, name="retry_loop", interval=INTERVAL)
        self._mongo = mongo
        self._consumers = consumers
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Retry until stopped; what is under way then is cancelled."""
        try:
            await super().run()
        finally:
            for task in self._tasks.values():
                task.cancel()

    async def _round(self) -> None:
        actions: list[Document] = []
        try:
            actions = await pending_actions(self._mongo)
        except Exception as error:
            log.warning("operator_actions_unread", error=repr(error))
        for consumer in self._consumers:
            if (task := self._tasks.get(consumer.name)) is None or task.done():
                self._tasks[consumer.name] = asyncio.create_task(_redrive(consumer, actions))


async def _redrive(consumer: Retrying, actions: Sequence[Document]) -> None:
    try:
        await consumer.redrive(actions)
    except Exception as error:
        log.warning("redrive_failed", consumer=consumer.name, error=repr(error))
