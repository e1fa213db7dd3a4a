"""What an aggregate is to the write path: its topic, its state, how that evolves, what it claims."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.chassis.documents import parse, to_document
from shared.chassis.mongo import Document
from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic

S = TypeVar("S")


def claims_nothing(_id: str, _state: Any) -> Iterable[str]:
    """Claim nothing across aggregates."""
    return ()


def never_distinct(_state: Any, _candidate: Any) -> bool:
    """Share no claim with any other aggregate."""
    return False


@dataclass(frozen=True)
class Stored(Generic[S]):
    """An aggregate as it was read: its state at a version, and the revision of the `evolve` that made it."""

    id: str
    version: int
    state: S
    revision: int
    changed: datetime


@dataclass(frozen=True)
class Written(Stored[S]):
    """An aggregate as a command left it, and the events that made it so."""

    events: Sequence[DomainEvent]


@dataclass(frozen=True)
class Aggregate(Generic[S]):
    """A kind of aggregate. `evolve`, claims and `distinct` are pure; `revision` grows when `evolve` or the claims change.

    `claims` have one holder; `shared_claims` may have several, each pair of which is `distinct`. `state` is the frozen dataclass
    that documents are parsed into; without it rules get plain documents.
    """

    name: str
    topic: Topic
    collection: str
    evolve: Callable[[S | None, DomainEvent], S]
    claims: Callable[[str, S], Iterable[str]] = claims_nothing
    revision: int = 1
    state: type[S] | None = None
    shared_claims: Callable[[str, S], Iterable[str]] = claims_nothing
    distinct: Callable[[S, S], bool] = never_distinct

    def read(self, document: Document) -> Stored[S]:
        """Parse a document of this aggregate's collection."""
        state: S = document["state"] if self.state is None else parse(self.state, document["state"])
        return Stored(document["_id"], document["version"], state, document["evolve"], document["changed"])

    def dump(self, state: S) -> Document:
        """Write a state as it is stored."""
        document: Document = to_document(state) if self.state else state  # type: ignore[assignment]
        return document


Decide = Callable[[S | None], Sequence[DomainEvent]]
"""A rule with its command filled in: from the state to what happens."""


@dataclass(frozen=True)
class Command(Generic[S]):
    """A command on one aggregate."""

    aggregate: Aggregate[S]
    id: str
    decide: Decide[S]
