"""A worker that fails is run again."""

import asyncio

import pytest

from shared.chassis.workers import worker as module
from shared.chassis.workers.worker import supervise


class Failing:
    """A worker that fails twice, and then returns."""

    def __init__(self) -> None:
        self.runs = 0

    async def run(self) -> None:
        self.runs += 1
        if self.runs < 3:
            raise OSError("no more processes")

    async def stop(self) -> None:
        pass


async def test_a_worker_that_fails_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    worker = Failing()
    await asyncio.wait_for(supervise(worker, lambda: False), 5)
    assert worker.runs == 3


async def test_a_worker_is_not_run_again_once_the_service_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    worker = Failing()
    await asyncio.wait_for(supervise(worker, lambda: worker.runs == 1), 5)
    assert worker.runs == 1
