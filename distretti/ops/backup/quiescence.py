"""Quiescence: every event is sent and applied, nothing is under way. Read from the servers, so it covers all replicas."""

import asyncio
import re
import time
from collections.abc import Mapping

from aiokafka import TopicPartition

from distretti.ops.backup.connections import System
from distretti.ops.backup.errors import NotQuiescent
from shared.chassis.clock import utc_now
from shared.chassis.http.read_only_mode import REFRESH_SECONDS
from shared.chassis.inbox.held_events import WAITING, ready_streams
from shared.chassis.mongo import Mongo
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.contracts.topics import CATALOGUE, Topic

Ends = Mapping[TopicPartition, int]
EVERYWHERE = {topic.name: set(range(topic.partitions)) for topic in CATALOGUE}


async def wait_until_quiescent(system: System, patience: float) -> Ends:
    """Wait until two checks in a row find nothing under way; return the topics' end offsets.

    The first check waits until every replica has entered read-only mode. Raises NotQuiescent after `patience` seconds.
    """
    consumers = subscriptions(system)
    end = time.monotonic() + patience
    await asyncio.sleep(REFRESH_SECONDS * 1.25)
    before: Ends | None = None
    while True:
        ends = await system.ends()
        pending = await pending_work(system, consumers, ends)
        if not pending and ends == before:
            return ends
        if time.monotonic() > end:
            raise NotQuiescent(f"Not quiescent after {patience:g} seconds, so there is no backup: {'; '.join(pending)}.")
        before = None if pending else ends
        await asyncio.sleep(0.2)


def subscriptions(system: System) -> dict[str, tuple[Topic, ...]]:
    """The topics of every consumer of the services."""
    runtimes = (Runtime(service, system.settings) for service in system.services)
    return {consumer.name: consumer.topics for runtime in runtimes for consumer in runtime.consumers}


async def pending_work(system: System, consumers: Mapping[str, tuple[Topic, ...]], ends: Ends) -> list[str]:
    """Work under way, as messages; empty when quiescent. Dead letters and postponed work do not count."""
    pending: list[str] = []
    for service in system.services:
        pending += await _in_store(service, system.stores[service.name])
    groups = [name for name, *_ in await system.admin.list_consumer_groups()]
    for consumer, topics in consumers.items():
        if lag := await _lag(system, consumer, topics, groups, ends):
            pending.append(f"{consumer} has {lag} events yet to apply")
    return pending


async def _in_store(service: Service, store: Mongo) -> list[str]:
    pending: list[str] = []
    if unsent := await store[OUTBOX].count_documents(UNSENT):
        pending.append(f"{service.name} has {unsent} events yet to send")
    for consumer in await store[WAITING].distinct("consumer", {"kind": "not_yet"}):
        if released := await ready_streams(store, consumer, EVERYWHERE):
            pending.append(f"{consumer} has {len(released)} streams to resume")
    for collection, query in service.due(utc_now()).items():
        if count := await store[collection].count_documents(dict(query)):
            pending.append(f"{service.name} has {count} {collection} under way")
    return pending


async def _lag(system: System, consumer: str, topics: tuple[Topic, ...], groups: list[str], ends: Ends) -> int:
    """Lag of a consumer: the smallest of its groups, since each build of a projection has a group of its own."""
    group = system.settings.named(consumer)
    names = {system.settings.named(topic.name) for topic in topics}
    own_ends = {partition: end for partition, end in ends.items() if partition.topic in names}
    lags = [sum(own_ends.values())]
    for name in groups:
        if re.fullmatch(re.escape(group) + r"([^a-z\-].*)?", name):
            committed = await system.admin.list_consumer_group_offsets(name)
            offsets = {partition: max(0, offset.offset) for partition, offset in committed.items()}
            lags.append(sum(end - offsets.get(partition, 0) for partition, end in own_ends.items()))
    return min(lags)
