"""An agenda is published as one event, of what is agreed on when it is published."""

from dataclasses import replace

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.computation.protocol import SolverOutcome, SolverTask
from services.events.computation.publisher import MOST_BYTES
from services.events.computation.queue import Computations, Options
from services.events.computation.solver_client import ProgressListener, solve_in_process
from services.events.computation.worker import AgendaWorker
from services.events.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.ids import computed_id
from shared.chassis.mongo import Document
from shared.contracts.events import (
    AgendaPublished,
    Placement,
)
from tests.events.attendance.test_api import running_slots
from tests.events.computation.test_worker import entry, now
from tests.events.factories import (
    agree,
    agree_on,
    event_state,
)
from tests.events.jobs.test_auto_repair import places, version
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"


def test_an_agenda_of_the_largest_events_is_an_event() -> None:
    ids = [computed_id("member", str(number)) for number in range(5000)]
    pairs = zip(ids, ids[::-1], strict=True)
    placed = [Placement(meeting_id=member, members=(member, partner), slot=36, table=140) for member, partner in pairs]
    input = "0" * 32
    whole = AgendaPublished(event_id="e", placements=tuple(placed), status="optimal", breaks=0, bound=0, input=input)
    written = whole.model_dump_json()
    assert len(written.encode()) < MOST_BYTES
    assert AgendaPublished.model_validate_json(written) == whole
    group = Placement(meeting_id="m", members=("anna", "bruno"), others=("carla",), people=("anna:r1",), slot=1, table=1)
    assert Placement.model_validate_json(group.model_dump_json()) == group


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


async def test_a_first_agenda_of_the_day_uses_no_slot_that_has_begun(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        pairs = [("anna", "bruno"), ("anna", "carla"), ("bruno", "carla")]
        await agree(runtime, "fair", pairs, slots=running_slots(2, 2), tables=3)
        manager = bearer(issuer, "manager", districts=["marble"])

        request = await http.post(f"{EVENT}/agenda", json={"time_limit": 60}, headers=manager)
        assert request.status_code == 202
        agenda = await version(runtime, 1)
        assert {slot for slot, _ in places(agenda).values()} == {3, 4}
        assert len(agenda["unplaced"]) == 1
