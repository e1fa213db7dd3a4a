"""What a search is asked for beyond the fewest breaks, how it is watched, and how long it may take."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """The best slots so far with what is proven: see Schedule. `idle` and `changes` are None where nobody asked for them."""

    slots: Mapping[str, int]
    placed_bound: int
    breaks: int
    bound: int = 0
    idle: int | None = None
    idle_bound: int = 0
    changes: int | None = None
    changes_bound: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """`idle`: fewest idle slots too. `published`: then fewest changes against these slots, for the fewest people.

    Above 40,000 pairs of a meeting and a slot idle slots and changes are only counted.

    `start`: slots to begin with, such as those of a search that was interrupted. `progress` hears of every better schedule
    by its slots and breaks. A search whose `cancel` is set ends with the best it has.
    """

    idle: bool = False
    published: Mapping[str, int] | None = None
    start: Mapping[str, int] | None = None
    progress: Callable[[Mapping[str, int], int], None] | None = None
    cancel: threading.Event | None = None


class Patience:
    """How long a search may go on: `time_limit` seconds from now, unless it is cancelled."""

    def __init__(self, time_limit: float, cancel: threading.Event | None) -> None:
        self._deadline = time.monotonic() + time_limit
        self.cancel = cancel or threading.Event()

    def left(self, share: float = 1.0) -> float:
        """Seconds left, or this share of them."""
        return 0.0 if self.cancel.is_set() else max(0.0, (self._deadline - time.monotonic()) * share)
