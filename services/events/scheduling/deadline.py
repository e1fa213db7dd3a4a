"""The time limit of a search."""

import threading
import time


class Deadline:
    """`time_limit` seconds from now; it passes at once when `cancel` is set."""

    def __init__(self, time_limit: float, cancel: threading.Event | None) -> None:
        self._end = time.monotonic() + time_limit
        self.cancel = cancel or threading.Event()

    def seconds_left(self, share: float = 1.0) -> float:
        """The remaining seconds, or a share of them."""
        return 0.0 if self.cancel.is_set() else max(0.0, (self._end - time.monotonic()) * share)
