"""Topics are made from the catalogue, explicitly; a service that misses one says so at start."""

import asyncio
import time
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from typing import Any, TypeAlias

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code
from aiokafka.partitioner import murmur2

from shared.contracts.topics import CATALOGUE, Topic

Partitions: TypeAlias = Mapping[str, Set[int]]
"""Partition numbers by topic of the catalogue."""


class TopicMissing(Exception):
    """A topic of the catalogue is not on the broker, or not with its partitions."""


def topic_name(namespace: str, topic: str) -> str:
    """Put the namespace before a topic's name."""
    return f"{namespace}-{topic}" if namespace else topic


# Kept: the client's hash is plain Python, and the same keys come again and again.
@lru_cache(maxsize=65_536)
def partition_of(key: str, partitions: int) -> int:
    """Tell the partition of a key as every Kafka client does: murmur2, positive, modulo."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % partitions)


async def create_topics(bootstrap: str, namespace: str = "", replication: int = 1) -> None:
    """Make every topic of the catalogue that is missing, and return when all can be seen.

    Raises the broker's error where it refuses.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        wanted = [
            NewTopic(topic_name(namespace, topic.name), topic.partitions, replication, topic_configs=topic.settings)
            for topic in CATALOGUE
        ]
        answer = await admin.create_topics(wanted, timeout_ms=30_000)
        for name, code, *_ in answer.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(f"topic {name} could not be made")
    finally:
        await admin.close()
    await check_topics(bootstrap, namespace, set(CATALOGUE), patience=30)


async def check_topics(bootstrap: str, namespace: str, topics: set[Topic], patience: float = 0) -> None:
    """Raise TopicMissing where a topic is absent or has other partitions than the catalogue says.

    Waits up to `patience` seconds for it: a new topic takes a moment to be seen everywhere.
    """
    names = {topic_name(namespace, topic.name): topic for topic in topics}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        end = time.monotonic() + patience
        while wrong := _wrong(names, await admin.describe_topics(list(names))):
            if time.monotonic() >= end:
                raise TopicMissing(wrong)
            await asyncio.sleep(0.1)
    finally:
        await admin.close()


def _wrong(names: Mapping[str, Topic], found: Sequence[Mapping[str, Any]]) -> str:
    """Say which topic is not as the catalogue has it; empty where all are."""
    present = {topic["topic"]: len(topic["partitions"]) for topic in found if not topic["error_code"]}
    for name, topic in names.items():
        if present.get(name) != topic.partitions:
            there = present.get(name, "no")
            return f"topic {name} has {there} partitions, the catalogue says {topic.partitions}: `distretti up` makes them"
    return ""
