"""What an aggregate is to the write path: its topic, how its state evolves, what it claims."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic

S = TypeVar("S")


def claims_nothing(_id: str, _state: Any) -> Iterable[str]:
    """Claim nothing across aggregates."""
    return ()


@dataclass(frozen=True)
class Aggregate(Generic[S]):
    """A kind of aggregate. `evolve` and `claims` are pure; `revision` grows when `evolve` changes what it makes."""

    name: str
    topic: Topic
    collection: str
    evolve: Callable[[S | None, DomainEvent], S]
    claims: Callable[[str, S], Iterable[str]] = claims_nothing
    revision: int = 1


@dataclass(frozen=True)
class Cause:
    """Where a command comes from: the chain it belongs to, the event that caused it, the district it is for."""

    correlation: str
    causation: str | None = None
    district: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True)
class Written(Generic[S]):
    """What a command left behind: the aggregate as it is now, and the events that made it so."""

    id: str
    version: int
    state: S
    events: Sequence[DomainEvent]
    changed: datetime | None = None


Decide = Callable[[S | None], Sequence[DomainEvent]]
"""A rule with its command filled in: from the state to what happens."""


@dataclass(frozen=True)
class Command:
    """A command on one aggregate."""

    aggregate: Aggregate[Any]
    id: str
    decide: Decide[Any]
