"""When a system is at rest: all is sent, heard and done. Asked of the servers, so that every replica counts."""

import asyncio
import re
import time
from collections.abc import Mapping

from aiokafka import TopicPartition

from distretti.ops.backup.connections import System
from distretti.ops.backup.errors import NotDrained
from shared.chassis.clock import utc_now
from shared.chassis.http.read_only_mode import NOTICED_SECONDS
from shared.chassis.inbox.held_events import WAITING, released_lanes
from shared.chassis.mongo import Mongo
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.runtime.service import Runtime, Service
from shared.contracts.topics import CATALOGUE, Topic

Ends = Mapping[TopicPartition, int]
EVERYWHERE = {topic.name: set(range(topic.partitions)) for topic in CATALOGUE}


async def drained(system: System, patience: float) -> Ends:
    """Wait until nothing is in the way in two looks; return where the topics end.

    The first look comes when every replica has noticed that it is closed. Raises NotDrained after `patience` seconds.
    """
    consumers = heard(system)
    end = time.monotonic() + patience
    await asyncio.sleep(NOTICED_SECONDS * 1.25)
    before: Ends | None = None
    while True:
        ends = await system.ends()
        moving = await in_the_way(system, consumers, ends)
        if not moving and ends == before:
            return ends
        if time.monotonic() > end:
            raise NotDrained(f"Not at rest after {patience:g} seconds, so there is no backup: {'; '.join(moving)}.")
        before = None if moving else ends
        await asyncio.sleep(0.2)


def heard(system: System) -> dict[str, tuple[Topic, ...]]:
    """Name every consumer of the services, with the topics it hears."""
    runtimes = (Runtime(service, system.settings) for service in system.services)
    return {consumer.name: consumer.topics for runtime in runtimes for consumer in runtime.consumers}


async def in_the_way(system: System, consumers: Mapping[str, tuple[Topic, ...]], ends: Ends) -> list[str]:
    """Say what still moves, in words for a person; empty at rest. What is parked, or put off, does not move."""
    found: list[str] = []
    for service in system.services:
        found += await _in_store(service, system.stores[service.name])
    groups = [name for name, *_ in await system.admin.list_consumer_groups()]
    for consumer, topics in consumers.items():
        if lag := await _lag(system, consumer, topics, groups, ends):
            found.append(f"{consumer} has {lag} events yet to apply")
    return found


async def _in_store(service: Service, store: Mongo) -> list[str]:
    found: list[str] = []
    if unsent := await store[OUTBOX].count_documents(UNSENT):
        found.append(f"{service.name} has {unsent} events yet to send")
    for consumer in await store[WAITING].distinct("consumer", {"kind": "not_yet"}):
        if lanes := await released_lanes(store, consumer, EVERYWHERE):
            found.append(f"{consumer} has {len(lanes)} lanes to take up")
    for collection, query in service.due(utc_now()).items():
        if count := await store[collection].count_documents(dict(query)):
            found.append(f"{service.name} has {count} {collection} under way")
    return found


async def _lag(system: System, consumer: str, topics: tuple[Topic, ...], groups: list[str], ends: Ends) -> int:
    """Count what a consumer has yet to apply: the least of its groups, since each build of a projection has its own."""
    group = system.settings.named(consumer)
    names = {system.settings.named(topic.name) for topic in topics}
    wanted = {place: end for place, end in ends.items() if place.topic in names}
    lags = [sum(wanted.values())]
    for name in groups:
        if re.fullmatch(re.escape(group) + r"([^a-z\-].*)?", name):
            committed = await system.admin.list_consumer_group_offsets(name)
            reached = {place: max(0, offset.offset) for place, offset in committed.items()}
            lags.append(sum(end - reached.get(place, 0) for place, end in wanted.items()))
    return min(lags)
