"""The rounds of the periodic jobs: busy events at each interval, all events now and then and when woken."""

import asyncio

from services.events.job_runner import JobRunner


async def rounds_of(runner: JobRunner, seen: asyncio.Queue[bool], count: int) -> list[bool]:
    """The next rounds, each over all events or not."""
    return [await asyncio.wait_for(seen.get(), 5) for _ in range(count)]


async def test_all_events_are_looked_at_first_and_again_when_the_runner_is_woken() -> None:
    seen: asyncio.Queue[bool] = asyncio.Queue()
    runner = JobRunner(seen.put)
    runner.interval = 0.01
    running = asyncio.create_task(runner.run())
    try:
        assert await rounds_of(runner, seen, 3) == [True, False, False]
        runner.wake()
        assert True in await rounds_of(runner, seen, 2)
        assert await rounds_of(runner, seen, 1) == [False]
    finally:
        await runner.stop()
        await running
