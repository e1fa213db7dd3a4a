"""Computing agendas over HTTP."""

from datetime import datetime
from types import SimpleNamespace
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response

from services.events.agenda.queries import is_published
from services.events.brokerage.access import managed_event
from services.events.brokerage.rules.days import next_slot
from services.events.computation.dependencies import Worker
from services.events.computation.queries import is_current
from services.events.computation.queue import Options
from services.events.computation.rules import check_computable
from services.events.computation.scheduling_input import read_scheduling_input
from services.events.computation.schemas import ComputationAnswer, Computing
from services.events.computation.worker import AgendaWorker
from services.events.permissions import EventId
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Store
from shared.chassis.mongo import Mongo
from shared.chassis.runtime.dependencies import RunningService

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


async def _now(service: RunningService) -> datetime:
    return service.clock()


Now = Annotated[datetime, Depends(_now)]


@router.post("", status_code=202)
async def compute(
    id: EventId,
    principal: CurrentPrincipal,
    store: Store,
    worker: Worker,
    now: Now,
    request: Request,
    response: Response,
    body: Annotated[Computing, Body()] = Computing(),
) -> ComputationAnswer:
    """Compute the agenda of the meetings accepted so far, and publish it. Location says where to follow it.

    While a computation is under way, another request changes nothing. An unchanged input gives no new version.
    """
    await managed_event(store, principal, id)
    scheduling_input = await read_scheduling_input(store, id, now)
    brokerage_event = scheduling_input.brokerage_event.state
    published = await is_published(store, id)
    check_computable(brokerage_event, len(scheduling_input.meetings), published)
    repair = published and (body.repair or next_slot(brokerage_event, now) > 1)
    options = Options(body.time_limit, repair, body.minimise_gaps)
    await worker.computations.enqueue(id, options, request.state.correlation, brokerage_event.districts[0])
    worker.wake()
    response.headers["Location"] = request.url_for("read_computation", id=id).path
    return await _answer(id, store, worker, now)


@router.get("/computation")
async def read_computation(id: EventId, principal: CurrentPrincipal, store: Store, worker: Worker, now: Now) -> ComputationAnswer:
    """Read the last computation: queued, running, cancelled, published with its version, failed with the reason.

    While it runs, `best` tells of its best schedule so far how many meetings have a place, and the breaks of all participants.
    Once it has ended, `current` tells whether the newest agenda is of the input there is now, or something has changed since.
    """
    await managed_event(store, principal, id)
    return await _answer(id, store, worker, now)


@router.delete("/computation")
async def cancel_computation(id: EventId, principal: CurrentPrincipal, store: Store, worker: Worker, now: Now) -> ComputationAnswer:
    """End the computation under way without a new version. On the day a repair is queued within a minute, if due."""
    await managed_event(store, principal, id)
    await worker.computations.cancel(id)
    return await _answer(id, store, worker, now)


@router.post("/computation/stop", status_code=202)
async def stop_computation(id: EventId, principal: CurrentPrincipal, store: Store, worker: Worker, now: Now) -> ComputationAnswer:
    """Stop the search within seconds and publish the best schedule so far, or the first there will be."""
    await managed_event(store, principal, id)
    await worker.computations.stop_searching(id)
    return await _answer(id, store, worker, now)


async def _answer(id: str, store: Mongo, worker: AgendaWorker, now: datetime) -> ComputationAnswer:
    entry = await worker.computations.read(id)
    current = await is_current(store, id, now) if entry.has_ended else None
    return ComputationAnswer.model_validate(SimpleNamespace(**vars(entry), event_id=id, current=current))
