"""What a projection is: others' facts folded into a read model. How it is kept up: `consumer.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic

DIRTY = "dirty"


def marks_nothing(_received: Received, _event: DomainEvent) -> Iterable[str]:
    """Mark nothing dirty."""
    return ()


def own_key(received: Received, _event: DomainEvent) -> Iterable[str]:
    """Fold each event into the document of its own aggregate."""
    return (received.id,)


Fold = Callable[[str, Document | None, Received, DomainEvent], Document | None]


@dataclass(frozen=True)
class Projection:
    """A read model: `fold(id, document, received, event)` gives the document after an event, None to have none.

    Folds are pure, and events of different topics may come in any order and must give the same documents.
    `targets` says which documents an event changes, `marks` which ids go on the `dirty` list for a worker.
    """

    name: str
    topics: tuple[Topic, ...]
    collection: str
    fold: Fold
    targets: Callable[[Received, DomainEvent], Iterable[str]] = own_key
    marks: Callable[[Received, DomainEvent], Iterable[str]] = marks_nothing
