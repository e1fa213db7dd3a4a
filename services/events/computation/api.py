"""Computing agendas over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.events.agenda.queries import has_agenda
from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.rules.days import next_slot
from services.events.computation.dependencies import Worker
from services.events.computation.queries import is_current
from services.events.computation.queue import UNDER_WAY
from services.events.computation.rules import check_computable
from services.events.computation.scheduling_input import gathered
from services.events.computation.schemas import ComputationAnswer
from services.events.computation.worker import AgendaWorker
from services.events.permissions import EventId, may_manage
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store
from shared.chassis.mongo import Mongo
from shared.chassis.runtime.dependencies import RunningService

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


async def _now(service: RunningService) -> datetime:
    return service.clock()


Now = Annotated[datetime, Depends(_now)]


class Computing(BaseModel):
    """How long the search may take, in seconds; it ends earlier where its schedule is proven the best.

    A `repair` changes as little as possible of the newest version; once the day has begun every computation is one.
    After breaks, `minimise_gaps` minimises the idle slots in them; above 40,000 meetings times slots these are only counted.
    """

    model_config = ConfigDict(extra="forbid")
    time_limit: float = Field(default=10, ge=1, le=300)
    repair: bool = False
    minimise_gaps: bool = False


@router.post("", status_code=202)
async def compute(
    id: EventId,
    who: Who,
    store: Store,
    worker: Worker,
    now: Now,
    request: Request,
    response: Response,
    body: Annotated[Computing, Body()] = Computing(),
) -> ComputationAnswer:
    """Compute the agenda of the meetings accepted so far, and publish it. Location says where to follow it.

    While a computation is under way, asking again changes nothing. An unchanged input gives no new version.
    """
    scheduling_input = await gathered(store, id, now)
    event = scheduling_input.event.state
    may_manage(who, event.districts)
    published = await has_agenda(store, id)
    check_computable(event, len(scheduling_input.meetings), published)
    repair = published and (body.repair or next_slot(event, now) > 1)
    await worker.computations.ask(id, body.time_limit, request.state.correlation, repair, body.minimise_gaps)
    worker.wake()
    response.headers["Location"] = request.url_for("read_computation", id=id).path
    return await _answer(id, store, worker, now)


@router.get("/computation")
async def read_computation(id: EventId, who: Who, store: Store, worker: Worker, now: Now) -> ComputationAnswer:
    """Read the state of the last computation: queued, running, cancelled, published with its version, failed with the reason.

    While it runs, `best` has the meetings placed in its best schedule so far, and the breaks of all participants. Once it has
    ended, `current` tells whether the newest agenda stands for the present input.
    """
    may_manage(who, (await brokerage_event(store, id)).state.districts)
    return await _answer(id, store, worker, now)


@router.delete("/computation")
async def cancel_computation(id: EventId, who: Who, store: Store, worker: Worker, now: Now) -> ComputationAnswer:
    """End the computation under way without a new version. On the day a repair is asked for again within a minute, if due."""
    may_manage(who, (await brokerage_event(store, id)).state.districts)
    await worker.computations.cancel(id)
    return await _answer(id, store, worker, now)


@router.post("/computation/stop", status_code=202)
async def stop_computation(id: EventId, who: Who, store: Store, worker: Worker, now: Now) -> ComputationAnswer:
    """Stop the search within seconds and publish the best schedule so far, or the first there will be."""
    may_manage(who, (await brokerage_event(store, id)).state.districts)
    await worker.computations.stop_searching(id)
    return await _answer(id, store, worker, now)


async def _answer(id: str, store: Mongo, worker: AgendaWorker, now: datetime) -> ComputationAnswer:
    computation = await worker.computations.read(id)
    current = None if computation.status in UNDER_WAY else await is_current(store, id, now)
    return ComputationAnswer.model_validate(vars(computation) | {"current": current})
