"""The objectives of a search beyond breaks, how it reports progress and how it is cancelled."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ProgressListener = Callable[[Mapping[str, int], int], None]
"""Called with the slots and the breaks of every better schedule."""


def ignore_progress(_slots: Mapping[str, int], _breaks: int) -> None:
    """The listener of a search that nobody watches."""


@dataclass(frozen=True, slots=True)
class SolverOptions:
    """Options of one search.

    `minimise_gaps`: after breaks, minimise idle slots. `published`: then move as few meetings as possible from these slots, of as
    few participants as possible. Above 40,000 pairs of a meeting and a slot both are only counted.

    `start`: slots to begin with, such as those of an interrupted search. A search whose `cancel` is set ends with its best
    schedule so far.
    """

    minimise_gaps: bool = False
    published: Mapping[str, int] | None = None
    start: Mapping[str, int] | None = None
    progress_listener: ProgressListener = ignore_progress
    cancel: threading.Event | None = None
