"""A deadline passes when its time is over or its search is cancelled."""

import threading
from types import SimpleNamespace

import pytest

from services.events.scheduling import deadline
from services.events.scheduling.deadline import Deadline


def test_seconds_left_and_shares_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: 100.0)
    monkeypatch.setattr(deadline, "time", clock)
    limit = Deadline(10, None)
    assert (limit.seconds_left(), limit.seconds_left(0.25)) == (10, 2.5)
    clock.monotonic = lambda: 108.0
    assert limit.seconds_left() == 2
    clock.monotonic = lambda: 111.0
    assert limit.seconds_left() == 0


def test_a_cancelled_search_has_no_time_left() -> None:
    cancel = threading.Event()
    limit = Deadline(60, cancel)
    assert limit.seconds_left() > 0
    cancel.set()
    assert limit.seconds_left() == 0
