"""Held events are retried beside each other: a busy consumer delays no other."""

import asyncio
from typing import Any

import pytest

from shared.chassis.consumers import retry_loop
from shared.chassis.consumers.retry_loop import RetryLoop
from tests.lib.services import eventually


class FakeConsumer:
    def __init__(self, name: str, busy: bool) -> None:
        self.name = name
        self.redriven = 0
        self.cancelled = False
        self._busy = busy

    async def redrive(self, _actions: object) -> None:
        self.redriven += 1
        try:
            if self._busy:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


async def test_a_busy_consumer_delays_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_actions(_mongo: object) -> list[Any]:
        return []

    monkeypatch.setattr(retry_loop, "pending_actions", no_actions)
    monkeypatch.setattr(retry_loop, "INTERVAL", 0.01)
    busy, idle = FakeConsumer("busy", True), FakeConsumer("idle", False)
    mongo: Any = None
    loop = RetryLoop(mongo, [busy, idle])
    running = asyncio.create_task(loop.run())

    async def twice() -> bool:
        return idle.redriven >= 2

    await eventually(twice)
    assert busy.redriven == 1
    await loop.stop()
    await running
    await asyncio.sleep(0)
    assert busy.cancelled
