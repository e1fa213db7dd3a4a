"""What runs beside the requests: a worker that fails is run again, a consumer that is busy holds up no other."""

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from shared.chassis.config import Settings
from shared.chassis.mongo import PyMongoError
from shared.chassis.runtime import service
from shared.chassis.runtime.service import Runtime
from tests.chassis.sample_service import HEARING
from tests.lib.services import eventually


class Fails:
    """A worker that fails twice, and then works until it is told to stop."""

    def __init__(self) -> None:
        self.begun = 0

    async def run(self) -> None:
        self.begun += 1
        if self.begun < 3:
            raise OSError("no more processes")

    async def stop(self) -> None:
        pass


async def test_a_worker_that_fails_is_run_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FIRST_PAUSE", 0.01)
    worker = Fails()
    runtime = Runtime(replace(HEARING, workers=lambda _: [worker]), settings)
    await asyncio.wait_for(runtime._work(worker), 5)
    assert worker.begun == 3
    runtime.stopping = True
    await asyncio.wait_for(runtime._work(Fails()), 5)


async def test_a_busy_consumer_holds_up_no_other(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_mongo: object) -> list[Any]:
        return []

    monkeypatch.setattr(service, "pending", nothing)
    runtime = Runtime(HEARING, settings)
    redriven: list[str] = []

    class Busy:
        name = "busy"

        async def redrive(self, _asked: object) -> None:
            redriven.append(self.name)
            await asyncio.Event().wait()

    class Free(Busy):
        name = "free"

        async def redrive(self, _asked: object) -> None:
            redriven.append(self.name)

    runtime.consumers = cast(Any, [Busy(), Free()])
    redriving = asyncio.create_task(runtime._redrive())

    async def twice() -> bool:
        return redriven.count("free") >= 2

    await eventually(twice)
    assert redriven.count("busy") == 1
    redriving.cancel()


@pytest.mark.parametrize(("error", "moves"), [(ValueError("a fault of its own"), False), (PyMongoError("away"), True)])
async def test_only_what_a_restart_would_not_mend_counts_as_getting_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception, moves: bool
) -> None:
    [consumer, *_] = Runtime(HEARING, settings).consumers
    turns: list[float] = []

    async def fail(_records: object) -> None:
        turns.append(consumer.last_turn)
        raise error

    async def wait(_seconds: float) -> None:
        await asyncio.sleep(0.01)
        consumer.membership.leaving = len(turns) == 3

    monkeypatch.setattr(consumer, "_deliver", fail)
    monkeypatch.setattr(consumer, "_idle", wait)
    monkeypatch.setattr("shared.chassis.consumers.consumer.is_temporary", lambda failed: isinstance(failed, PyMongoError))
    before = consumer.last_turn
    assert not await consumer._apply([])
    assert before < turns[0], "a batch that begins is getting on, however long there was none"
    assert (turns[2] > turns[0]) == moves
