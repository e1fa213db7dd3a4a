"""Waits for conditions."""

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Returns once `condition` holds. Raises AssertionError when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} seconds"
        time.sleep(0.02)
