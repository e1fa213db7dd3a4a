"""Operators' access to topics that were deleted and created again: a service consumes them once they are accepted."""

from dataclasses import dataclass
from datetime import UTC, datetime

from distretti.devstack.errors import LocalError
from distretti.ops.backup.connections import connected
from shared.chassis.config import Settings
from shared.chassis.inbox.topic_ids import Positions, accept_id, known_ids
from shared.contracts.topics import CATALOGUE


class NoSuchTopic(LocalError):
    """The catalogue or the broker has no topic of this name."""


@dataclass(frozen=True)
class Accepted:
    """A service that consumes or writes the topic as it is now, and the numbers of what it forgot."""

    service: str
    positions: int
    held_events: int


async def accept_topic(settings: Settings, topic: str, positions: Positions, operator: str, reason: str) -> list[Accepted]:
    """Accept a topic in every service that knows an earlier one of this name. Raises NoSuchTopic."""
    if topic not in (names := [entry.name for entry in CATALOGUE]):
        raise NoSuchTopic(f"There is no topic {topic}: {', '.join(names)}.")
    accepted: list[Accepted] = []
    async with connected(settings) as system:
        id = (await system.admin.topic_ids([settings.named(topic)])).get(settings.named(topic))
        if id is None:
            raise NoSuchTopic(f"Kafka has no topic {settings.named(topic)}: create it first (`distretti up` does).")
        for service, store in system.stores.items():
            if (await known_ids(store)).get(topic, id) != id:
                forgotten = await accept_id(store, topic, id, positions, operator, reason, datetime.now(UTC))
                accepted.append(Accepted(service, *forgotten))
    return accepted
