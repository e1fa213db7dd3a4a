"""An agenda is computed to its end whatever stops the process, and from what is agreed when it is published."""

import asyncio
import os
import random
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import psutil

from services.events.agenda.aggregate import AGENDA
from services.events.computation.protocol import SolverOutcome, SolverTask
from services.events.computation.queue import COMPUTATIONS, MOST_STARTS, Computations, Options
from services.events.computation.solver_client import ProgressListener, solve_in_process
from services.events.computation.worker import AgendaWorker
from services.events.main import SERVICE
from services.events.meeting.queries import meeting_id
from shared.chassis.config import Settings
from shared.chassis.mongo import Document, Mongo
from shared.chassis.runtime.service import none_of
from tests.events.factories import agree, slots
from tests.lib.services import eventually, serving

IDLE = replace(SERVICE, workers=none_of)
MEMBERS = [f"m{number}" for number in range(24)]
HARD = random.Random(1).sample(list(combinations(MEMBERS, 2)), 90)
"""Nobody proves the fewest breaks of these within minutes."""
ROOM = {"slots": slots(16), "tables": 6}


def now() -> datetime:
    return datetime.now(UTC)


def solvers(process: psutil.Process) -> list[psutil.Process]:
    return [child for child in process.children() if "services.events.computation.solver_process" in child.cmdline()]


def loaded_ortools(process: psutil.Process) -> bool:
    return any("ortools" in mapping.path for mapping in process.memory_maps())


async def entry(mongo: Mongo, **filters: str) -> Document | None:
    return await mongo[COMPUTATIONS].find_one({"_id": "fair", **filters})


async def test_a_killed_process_leaves_no_solver_and_another_goes_on(settings: Settings) -> None:
    async with serving(IDLE, settings) as (runtime, _):
        await agree(runtime, "fair", HARD, **ROOM)
        await Computations(runtime.mongo, now).enqueue("fair", Options(60), "c")
    environment = {f"DISTRETTI_{name.upper()}": str(value) for name, value in settings.model_dump().items()} | {
        "DISTRETTI_PORT": "0"
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "services.events", env=os.environ | environment)
    try:
        service = psutil.Process(process.pid)

        async def searching() -> list[psutil.Process]:
            return [solver for solver in solvers(service) if loaded_ortools(solver)]

        solver = (await eventually(searching, 60))[0]
        assert not loaded_ortools(service)
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async def solver_ended() -> bool:
        return not solver.is_running()

    await eventually(solver_ended, 10)
    mongo = Mongo(settings.mongo_url, settings.named("events"), settings.mongo_timeout)
    assert await entry(mongo, status="running")
    await mongo[COMPUTATIONS].update_one({"_id": "fair"}, {"$set": {"until": now(), "time_limit": 2}})  # its lease runs out
    mongo.close()
    async with serving(SERVICE, settings) as (runtime, _):

        async def published() -> Document | None:
            return await entry(runtime.mongo, status="published")

        ended = await eventually(published, 60)
        assert ended is not None
        assert (ended["starts"], ended["agenda_version"]) == (2, 1)
        agenda = await runtime.mongo[AGENDA.collection].find_one({"_id": "fair"})
        assert agenda is not None
        assert len(agenda["state"]["placements"]) + len(agenda["state"]["unplaced"]) == len(HARD)


async def test_a_stopped_service_gives_its_computation_back(settings: Settings) -> None:
    async with serving(SERVICE, settings) as (runtime, _):
        await agree(runtime, "fair", HARD, **ROOM)
        await Computations(runtime.mongo, now).enqueue("fair", Options(60), "c")

        async def solving() -> list[psutil.Process]:
            return solvers(psutil.Process())

        solver = (await eventually(solving, 60))[0]
    assert not solver.is_running()
    mongo = Mongo(settings.mongo_url, settings.named("events"), settings.mongo_timeout)
    computation = await entry(mongo, status="queued")
    mongo.close()
    assert computation is not None
    assert computation["starts"] == 0


async def test_long_computations_hold_up_no_repair(settings: Settings) -> None:
    begun: set[str] = set()

    def workers(runtime):  # type: ignore[no-untyped-def]
        async def solve_together(task: SolverTask, listener: ProgressListener) -> SolverOutcome:
            begun.add(task.meetings[0].id)

            async def all_of_them() -> bool:
                return len(begun) == 3

            await eventually(all_of_them)
            return await solve_in_process(task, listener)

        return [AgendaWorker(runtime.mongo, runtime.write, runtime.clock, solve_together)]

    async with serving(replace(SERVICE, workers=workers), settings) as (runtime, _):
        for event in ("fair", "fete", "feast"):
            await agree(runtime, event, [("anna", "carla")])
        for event in ("fair", "fete"):
            await Computations(runtime.mongo, now).enqueue(event, Options(60), "c")

        async def two_of_them() -> bool:
            return len(begun) == 2

        await eventually(two_of_them)
        await Computations(runtime.mongo, now).enqueue("feast", Options(60, repair=True), "c")

        async def published() -> bool:
            return await runtime.mongo[COMPUTATIONS].count_documents({"status": "published"}) == 3

        await eventually(published, 60)


async def test_long_computations_of_one_district_hold_up_no_other(settings: Settings) -> None:
    begun: set[str] = set()

    def workers(runtime):  # type: ignore[no-untyped-def]
        async def solve_paper(task: SolverTask, listener: ProgressListener) -> SolverOutcome:
            begun.add(task.meetings[0].id)
            if task.meetings[0].id != meeting_id("paper", "anna", "carla"):
                await asyncio.Event().wait()
            return await solve_in_process(task, listener)

        return [AgendaWorker(runtime.mongo, runtime.write, runtime.clock, solve_paper)]

    async with serving(replace(SERVICE, workers=workers), settings) as (runtime, _):
        for event in ("fair", "fete", "paper"):
            await agree(runtime, event, [("anna", "carla")])
        ledger = Computations(runtime.mongo, now)
        for event, district in (("fair", "marble"), ("fete", "marble"), ("paper", "paper")):
            await ledger.enqueue(event, Options(300), "c", district)

        async def published() -> bool:
            return (await ledger.read("paper")).status == "published"

        await eventually(published, 60)
        assert begun == {meeting_id("fair", "anna", "carla"), meeting_id("paper", "anna", "carla")}
        assert (await ledger.read("fete")).status == "queued"


async def broken(task: SolverTask, _listener: ProgressListener) -> SolverOutcome:
    raise RuntimeError(f"no answer for {len(task.meetings)} meetings")


async def test_a_computation_that_kills_its_process_is_given_up_and_one_that_breaks_fails_at_once(settings: Settings) -> None:
    async with serving(IDLE, settings) as (runtime, _):
        await agree(runtime, "fair", [("anna", "carla")])
        await Computations(runtime.mongo, now).enqueue("fair", Options(5), "c")
        await runtime.mongo[COMPUTATIONS].update_one({"_id": "fair"}, {"$set": {"starts": MOST_STARTS}})
        worker = AgendaWorker(runtime.mongo, runtime.write, now, broken)
        working = asyncio.create_task(worker.run())

        async def failed() -> Document | None:
            return await entry(runtime.mongo, status="failed")

        ended = await eventually(failed)
        assert ended is not None
        assert "interrupted 5 times" in ended["reason"]["en"]
        await worker.computations.enqueue("fair", Options(5), "c")
        worker.wake()
        ended = await eventually(failed)
        await worker.stop()
        await working
        assert ended is not None
        assert (ended["starts"], ended["reason"]["en"]) == (1, "The service failed (RuntimeError): its log says why.")
