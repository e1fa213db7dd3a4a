"""The rule of the inbox: which events of a stream are ready, held or duplicates. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Sequenced(Protocol):
    """Anything with a sequence from 1."""

    @property
    def sequence(self) -> int: ...


T = TypeVar("T", bound=Sequenced)


@dataclass(frozen=True)
class Sorted(Generic[T]):
    """The events of a stream in sequence: `ready` to be applied in this order, newly `held`, and the number of duplicates."""

    ready: list[T]
    held: list[T]
    dropped: int


def put_in_order(last: int, arrived: Iterable[T], held: Iterable[T], dead_letters: Mapping[int, str], dense: bool) -> Sorted[T]:
    """Sort the events that arrived and those held behind `last`, the newest sequence applied.

    Not newer is dropped; next is ready; after a gap, or behind a dead letter (`dead_letters`: sequence to reason), is held.
    On a topic that is not `dense` (compacted: older events may be gone) every newer event is ready.
    """
    held_before = {event.sequence: event for event in held}
    fresh: dict[int, T] = {}
    dropped = 0
    for event in arrived:
        if event.sequence <= last or event.sequence in held_before or event.sequence in fresh:
            dropped += 1
        else:
            fresh[event.sequence] = event
    ready: list[T] = []
    newly_held: list[T] = []
    blocked = False
    for sequence, event in sorted((held_before | fresh).items()):
        if sequence <= last:
            continue
        blocked = blocked or sequence in dead_letters or (dense and sequence != last + 1)
        if not blocked:
            ready.append(event)
            last = sequence
        elif sequence in fresh:
            newly_held.append(event)
    return Sorted(ready, newly_held, dropped)
