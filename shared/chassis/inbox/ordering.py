"""The rule of the inbox: what of a lane is ready, what is held, what is known already. Pure."""

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
    """A lane put in order. `ready` is to be applied one after the other, `held` must wait, the rest is known."""

    ready: list[T]
    held: list[T]
    dropped: int


def put_in_order(last: int, arrived: Iterable[T], waiting: Iterable[T], parked: Mapping[int, str], dense: bool) -> Sorted[T]:
    """Sort what arrived and what waits behind `last`, the newest sequence applied.

    Not newer is dropped; next is ready; after a gap, or behind a parked one (`parked`: sequence to reason), is held.
    On a topic that is not `dense` (compacted: older events may be gone) every newer event is ready.
    """
    kept = {item.sequence: item for item in waiting}
    fresh: dict[int, T] = {}
    dropped = 0
    for item in arrived:
        if item.sequence <= last or item.sequence in kept or item.sequence in fresh:
            dropped += 1
        else:
            fresh[item.sequence] = item
    ready: list[T] = []
    held: list[T] = []
    blocked = False
    for sequence, item in sorted((kept | fresh).items()):
        if sequence <= last:
            continue
        blocked = blocked or sequence in parked or (dense and sequence != last + 1)
        if not blocked:
            ready.append(item)
            last = sequence
        elif sequence in fresh:
            held.append(item)
    return Sorted(ready, held, dropped)
