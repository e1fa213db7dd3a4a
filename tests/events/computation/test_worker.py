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
import pytest

from services.events.agenda.aggregate import AGENDA
from services.events.computation.protocol import SolverOutcome, SolverTask
from services.events.computation.queue import COMPUTATIONS, MOST_STARTS, Computations, LeaseLost, Options, Progress
from services.events.computation.solver_client import ProgressListener, solve_in_process
from services.events.computation.worker import AgendaWorker
from services.events.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.errors import Refusal
from shared.chassis.mongo import Document, Mongo
from shared.chassis.runtime.service import none_of
from shared.contracts.base import LocalizedText
from tests.events.factories import agree, agree_on, event_state, slots
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


async def test_what_changes_meanwhile_is_in_the_agenda(settings: Settings) -> None:
    tasks: list[SolverTask] = []

    def workers(runtime):  # type: ignore[no-untyped-def]
        async def interrupted(task: SolverTask, listener: ProgressListener) -> SolverOutcome:
            tasks.append(task)
            if len(tasks) == 1:
                await agree_on(runtime, "fair", ("anna", "bruno"), event_state())
            return await solve_in_process(task, listener)

        return [AgendaWorker(runtime.mongo, runtime.write, runtime.clock, interrupted)]

    async with serving(replace(SERVICE, workers=workers), settings) as (runtime, _):
        await agree(runtime, "fair", [("anna", "carla"), ("bruno", "dora")])
        computations = Computations(runtime.mongo, now)
        await computations.enqueue("fair", Options(60), "c")

        async def published() -> Document | None:
            return await entry(runtime.mongo, status="published")

        await eventually(published, 60)
        assert [(len(task.meetings), task.repair) for task in tasks] == [(2, False), (3, True)], "what was found is not thrown away"
        assert tasks[1].published is not None
        assert len(tasks[1].published.placements) == 2
        agenda = await runtime.mongo[AGENDA.collection].find_one({"_id": "fair"})
        assert agenda is not None
        assert (agenda["version"], len(agenda["state"]["placements"])) == (1, 3)
        assert (agenda["state"]["status"], agenda["state"]["repaired"]) == ("feasible", False), "nothing is proven of it"


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


async def test_only_who_holds_a_computation_ends_it(settings: Settings) -> None:
    async with serving(IDLE, settings) as (runtime, _):
        early = Computations(runtime.mongo, lambda: datetime(2026, 1, 1, tzinfo=UTC))
        late = Computations(runtime.mongo, now)
        await early.enqueue("fair", Options(5), "c")
        lost = await early.lease()
        assert lost is not None
        assert await early.lease() is None, "its lease is not over"
        await late.enqueue("fete", Options(5), "c")
        await late.enqueue("feast", Options(5, repair=True), "c")
        first, held = await late.lease(), await late.lease()
        assert first is not None
        assert held is not None
        assert (first.event_id, held.event_id, held.starts) == ("feast", "fair", 2), "repairs go first, then who has waited longest"
        assert await late.lease(repairs_only=True) is None
        await late.enqueue("fair", Options(60), "d")
        assert (await late.read("fair")).time_limit == 5, "asking again changes nothing while it is under way"
        with pytest.raises(LeaseLost):
            await runtime.mongo.transact(lambda session: early.publish(lost, 1, session))
        await early.release(lost)
        assert (await late.read("fair")).status == "running"
        await late.fail(held, LocalizedText(it="perché", en="why"))
        assert (await late.read("fair")).reason == LocalizedText(it="perché", en="why")


async def test_a_cancelled_computation_leaves_nothing_to_the_next(settings: Settings) -> None:
    async with serving(IDLE, settings) as (runtime, _):
        ledger = Computations(runtime.mongo, now)
        await ledger.enqueue("fair", Options(5), "c")
        held = await ledger.lease()
        assert held is not None
        assert not await ledger.renew(held, Progress(3, 1))
        await ledger.stop_searching("fair")
        assert await ledger.renew(held, Progress(4, 0))
        computation = await ledger.read("fair")
        assert (computation.status, computation.best, computation.stop_requested) == ("running", Progress(4, 0), True)
        await ledger.cancel("fair")
        with pytest.raises(LeaseLost):
            await ledger.renew(held, None)
        with pytest.raises(LeaseLost):
            await runtime.mongo.transact(lambda session: ledger.publish(held, 1, session))
        with pytest.raises(Refusal, match="computation-ended"):
            await ledger.cancel("fair")
        await ledger.release(held)
        assert (await ledger.read("fair")).status == "cancelled"
        await ledger.enqueue("fair", Options(5), "d")
        computation = await ledger.read("fair")
        assert (computation.status, computation.best, computation.stop_requested) == ("queued", None, False)


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
