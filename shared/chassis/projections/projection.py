"""A projection: others' events folded into a read model. `handler.py` keeps it up to date."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.chassis.documents import parse, to_document
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


R = TypeVar("R")
Fold = Callable[[str, R | None, Received, DomainEvent], R | None]


@dataclass(frozen=True)
class Projection(Generic[R]):
    """A read model: `fold(id, row, received, event)` gives the row after an event, None to have none.

    Folds are pure, and events of different topics may come in any order and must give the same rows.
    `targets` says which rows an event changes, `marks` which ids go on the `dirty` list for a worker.
    `row` is the frozen dataclass that documents are parsed into; without it folds get plain documents.
    """

    name: str
    topics: tuple[Topic, ...]
    collection: str
    fold: Fold[R]
    targets: Callable[[Received, DomainEvent], Iterable[str]] = own_key
    marks: Callable[[Received, DomainEvent], Iterable[str]] = marks_nothing
    row: type[R] | None = None

    def read(self, document: Document) -> R:
        """Parse a document of this projection's collection."""
        plain: Any = document
        return plain if self.row is None else parse(self.row, document)

    def dump(self, row: R) -> Document:
        """Write a row as it is stored, without its id."""
        document: Document = to_document(row) if self.row else row  # type: ignore[assignment]
        return {name: value for name, value in document.items() if name != "_id"}
