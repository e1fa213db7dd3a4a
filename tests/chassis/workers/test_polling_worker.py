"""The background loop, on work that the test steers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from structlog.testing import capture_logs

from shared.chassis.workers.polling_worker import PollingWorker
from tests.lib.services import eventually

NEVER = 3600.0


class Work:
    """Work whose results come from a list; without one there is nothing to do. It waits where `gate` is closed."""

    def __init__(self, *results: bool | Exception) -> None:
        self.calls = 0
        self.ended = 0
        self.open = asyncio.Event()
        self.open.set()
        self._results = list(results)

    async def __call__(self) -> bool:
        self.calls += 1
        await self.open.wait()
        self.ended += 1
        result = self._results.pop(0) if self._results else False
        if isinstance(result, Exception):
            raise result
        return result

    def called(self, times: int) -> Callable[[], Awaitable[bool]]:
        async def probe() -> bool:
            return self.calls >= times

        return probe


class FakeLease:
    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.released = False

    async def acquire(self) -> bool:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def release(self) -> None:
        self.released = True


@asynccontextmanager
async def running(worker: PollingWorker) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(worker.run())
    try:
        yield task
    finally:
        await worker.stop()
        await task


async def test_a_worker_goes_on_while_there_is_work_and_then_waits_until_it_is_woken() -> None:
    work = Work(True, True)
    worker = PollingWorker(work, name="test", interval=NEVER)
    async with running(worker):
        await eventually(work.called(3))
        worker.wake()
        await eventually(work.called(4))
    assert work.calls == 4


async def test_it_looks_again_after_the_interval() -> None:
    work = Work()
    async with running(PollingWorker(work, name="test", interval=0.001)):
        await eventually(work.called(3))


async def test_it_remembers_being_woken_during_a_call() -> None:
    work = Work()
    work.open.clear()
    worker = PollingWorker(work, name="test", interval=NEVER)
    async with running(worker):
        await eventually(work.called(1))
        worker.wake()
        work.open.set()
        await eventually(work.called(2))


async def test_a_failed_call_is_repeated_after_pauses_that_grow_until_one_succeeds() -> None:
    failure = ValueError("broken")
    work = Work(failure, failure, failure, True, failure)
    with capture_logs() as logs:
        async with running(PollingWorker(work, name="test", interval=0.001, max_pause=0.004)):
            await eventually(work.called(6))
    failures = [entry for entry in logs if entry["event"] == "round_failed"]
    assert [entry["retry_in"] for entry in failures] == [0.001, 0.002, 0.004, 0.001]
    assert {entry["worker"] for entry in failures} == {"test"}


async def test_waking_does_not_shorten_the_pause_after_a_failure_and_stopping_does() -> None:
    work = Work(ValueError("broken"))
    worker = PollingWorker(work, name="test", interval=NEVER)
    async with running(worker):
        await eventually(work.called(1))
        worker.wake()
        for _ in range(10):
            await asyncio.sleep(0)
        assert work.calls == 1


async def test_a_stop_waits_for_the_call_under_way_and_no_other_begins() -> None:
    work = Work(True, True)
    work.open.clear()
    worker = PollingWorker(work, name="test", interval=NEVER)
    task = asyncio.create_task(worker.run())
    await eventually(work.called(1))
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    assert worker.stopping
    assert not stopping.done()
    work.open.set()
    await stopping
    await task
    assert (work.calls, work.ended) == (1, 1)


async def test_only_the_holder_of_the_lease_works_and_gives_it_back_at_the_end() -> None:
    work, lease = Work(), FakeLease(False, False, True)
    worker = PollingWorker(work, name="test", interval=0.001, lease=lease)  # type: ignore[arg-type]
    async with running(worker):
        await eventually(work.called(1))
        assert lease.answers == [True]
    assert lease.released


async def test_a_pause_ends_when_the_worker_is_stopped() -> None:
    worker = PollingWorker(Work(), name="test", interval=NEVER)
    pausing = asyncio.create_task(worker.pause(NEVER))
    await worker.stop()
    await pausing
