"""Fault injection: each fault breaks something, keeps it broken long enough, and undoes it as an operator would."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from distretti.devstack.programs import service_of
from distretti.devstack.stack import Stack
from shared.chassis.mongo import DuplicateKeyError, Mongo
from shared.chassis.workers.lease import LEASES
from shared.contracts.topics import CATALOGUE, Topic
from tools.chaos import kafka_records
from tools.chaos.fault_plan import Fault

PAUSE_SECONDS = 8.0
"""Longer than the session timeout of the consumers and than every lease (six seconds each)."""
DOWN_SECONDS = 2.0
STEAL_SECONDS = 7.0
STEAL_EVERY_SECONDS = 0.3
RELAY = "relay"
EPOCH = datetime.fromtimestamp(0, UTC)


class FaultInjector:
    """Injects faults into a running system. `groups` are the consumer groups of each service, with their topics."""

    def __init__(self, stack: Stack, groups: Mapping[str, Mapping[str, Sequence[Topic]]]) -> None:
        self._stack = stack
        self._settings = stack.settings()
        self._groups = groups

    async def inject(self, fault: Fault) -> None:
        """Inject a fault; return when it is undone, though the system may still be recovering."""
        draw = random.Random(fault.seed)  # noqa: S311 - repeatable, not secret
        match fault.kind:
            case "kill":
                self._stack.kill(self._process(fault.target, draw))
            case "pause":
                await self._pause(self._process(fault.target, draw))
            case "rebalance":
                await self._leave_and_join(self._replicas(fault.target)[-1])
            case "lease":
                await self._steal(fault.target)
            case "duplicate" | "reorder":
                topic = next(topic for topic in CATALOGUE if topic.name == fault.target)
                await kafka_records.repeat(self._settings, topic, draw, shuffled=fault.kind == "reorder")
            case "rewind":
                await self._rewind(fault.target)
            case unknown:
                raise ValueError(f"there is no fault {unknown!r}")

    def _replicas(self, service: str) -> list[str]:
        return [name for name in self._stack.ports.services if service_of(name) == service]

    def _process(self, target: str, draw: random.Random) -> str:
        """The target process; a random replica of a service that runs twice."""
        return draw.choice(self._replicas(target) or [target])

    async def _pause(self, name: str) -> None:
        self._stack.pause(name)
        try:
            await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._stack.resume(name)

    async def _leave_and_join(self, name: str) -> None:
        await self._stack.stop_process(name)
        await asyncio.sleep(DOWN_SECONDS)
        await self._stack.start_process(name)

    async def _steal(self, service: str) -> None:
        """Take the relay's lease away repeatedly: with two replicas, both send for a while.

        With one replica a foreign holder has the lease in between, and no replica sends.
        """
        mongo = Mongo(self._settings.mongo_url, self._settings.named(service), self._settings.mongo_timeout)
        alone = len(self._replicas(service)) == 1
        stolen = {"holder": "drill", "until": datetime.now(UTC).replace(year=2100)} if alone else {"until": EPOCH}
        try:
            end = asyncio.get_running_loop().time() + STEAL_SECONDS
            while asyncio.get_running_loop().time() < end:
                with suppress(DuplicateKeyError):
                    await mongo[LEASES].update_one({"_id": RELAY}, {"$set": stolen}, upsert=alone)
                await asyncio.sleep(STEAL_EVERY_SECONDS)
        finally:
            await mongo[LEASES].update_one({"_id": RELAY, "holder": "drill"}, {"$set": {"until": EPOCH}})
            mongo.close()

    async def _rewind(self, service: str) -> None:
        names = self._replicas(service)
        await asyncio.gather(*map(self._stack.stop_process, names))
        try:
            for group, topics in self._groups[service].items():
                await kafka_records.rewind(self._settings, group, topics)
        finally:
            await asyncio.gather(*map(self._stack.start_process, names))
