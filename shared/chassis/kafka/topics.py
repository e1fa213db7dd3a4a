"""Topics are created from the catalogue, explicitly; a service without one of its topics fails at start."""

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


# Cached: the client's hash is plain Python, and keys repeat.
@lru_cache(maxsize=65_536)
def partition_of(key: str, partitions: int) -> int:
    """The partition of a key, as every Kafka client computes it: murmur2, positive, modulo."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % partitions)


async def create_topics(bootstrap: str, namespace: str = "", replication: int = 1) -> None:
    """Create the missing topics of the catalogue, and return when all are visible.

    Raises the broker's error where it refuses.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        new_topics = [
            NewTopic(topic_name(namespace, topic.name), topic.partitions, replication, topic_configs=topic.settings)
            for topic in CATALOGUE
        ]
        answer = await admin.create_topics(new_topics, timeout_ms=30_000)
        for name, code, *_ in answer.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(f"topic {name} could not be created")
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
        while mismatch := _mismatch(names, await admin.describe_topics(list(names))):
            if time.monotonic() >= end:
                raise TopicMissing(mismatch)
            await asyncio.sleep(0.1)
    finally:
        await admin.close()


def _mismatch(names: Mapping[str, Topic], descriptions: Sequence[Mapping[str, Any]]) -> str:
    """The first topic that differs from the catalogue; empty where none does."""
    present = {topic["topic"]: len(topic["partitions"]) for topic in descriptions if not topic["error_code"]}
    for name, topic in names.items():
        if present.get(name) != topic.partitions:
            actual = present.get(name, "no")
            return f"topic {name} has {actual} partitions, the catalogue says {topic.partitions}: `distretti up` creates them"
    return ""
