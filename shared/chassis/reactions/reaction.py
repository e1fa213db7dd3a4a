"""A reaction: events that become commands or ledger entries, never replayed. `handler.py` runs it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from shared.chassis.inbox.held_events import Awaited
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.chassis.writes.aggregate import Command
from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic


class NotYet(Exception):
    """A fact that this reaction needs has not arrived; the event is retried when `awaited` has been applied."""

    def __init__(self, awaited: Awaited) -> None:
        super().__init__(f"{awaited.consumer} must first apply {awaited.stream} {awaited.sequence}")
        self.awaited = awaited


@dataclass(frozen=True)
class Enter:
    """A step of a reaction: ledger entries with ids computed from their purpose; existing ones are left as they are.

    `entered` is called after the commit, to wake the worker that processes them.
    """

    collection: str
    documents: Sequence[Document]
    entered: Callable[[], None] = lambda: None


Step: TypeAlias = Command[Any] | Enter
Handle: TypeAlias = Callable[[Received, DomainEvent], Awaitable[Sequence[Step]]]


@dataclass(frozen=True)
class Reaction:
    """What a service does on events of these types. The same event and the same facts must give the same steps."""

    name: str
    topics: tuple[Topic, ...]
    event_types: tuple[type[DomainEvent], ...]
    handle: Handle
