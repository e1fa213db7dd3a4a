"""What a reaction is: events that become commands or ledger entries, never replayed. How it is run: `consumer.py`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shared.chassis.inbox.held_events import Awaited
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.chassis.writes.aggregate import Command
from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic


class NotYet(Exception):
    """A fact this reaction needs has not come yet; it is tried again when `awaited` has been applied."""

    def __init__(self, awaited: Awaited) -> None:
        super().__init__(f"{awaited.consumer} must first apply {awaited.lane} {awaited.sequence}")
        self.awaited = awaited


@dataclass(frozen=True)
class Enter:
    """A step of a reaction: ledger entries, each with an id that says what it is for; known ones are left alone.

    `entered` is called after the commit, to wake who works on them.
    """

    collection: str
    documents: Sequence[Document]
    entered: Callable[[], None] = lambda: None


Step: TypeAlias = Command | Enter
Handle: TypeAlias = Callable[[Received, DomainEvent], Awaitable[Sequence[Step]]]


@dataclass(frozen=True)
class Reaction:
    """What a service does when it hears `hears`. The same event and the same facts must give the same steps."""

    name: str
    topics: tuple[Topic, ...]
    hears: tuple[type[DomainEvent], ...]
    handle: Handle
