"""Publishing an earlier version of an agenda as a new one, over HTTP."""

import asyncio
from contextlib import suppress
from functools import partial

from fastapi import APIRouter, Response

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.answers import agenda_answer
from services.events.agenda.parallel_bookings import not_in_two_places
from services.events.agenda.queries import read_agenda, read_version
from services.events.agenda.rules import publication
from services.events.agenda.schemas import AgendaAnswer
from services.events.agenda.versions_api import Version
from services.events.brokerage.access import managed_event
from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.rules.place_claims import claim_taken
from services.events.computation.dependencies import Worker
from services.events.computation.restore import restored_version
from services.events.computation.scheduling_input import read_scheduling_input
from services.events.permissions import EventId
from services.events.projections import names
from shared.chassis.errors import Claimed, Refusal
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Run, Store

router = APIRouter(prefix="/brokerage-events/{id}/agenda/versions", tags=["agendas"])


@router.post("/{version}/restore", response_model=AgendaAnswer)
async def restore(id: EventId, version: Version, principal: CurrentPrincipal, run: Run, store: Store, worker: Worker) -> Response:
    """Publish a version as a new one, where it still fits; managers. A computation under way is cancelled."""
    await managed_event(store, principal, id)
    scheduling_input = await read_scheduling_input(store, id, run.now)
    brokerage_event = scheduling_input.brokerage_event.state
    newest = (await read_agenda(store, id)).state
    old = await read_version(store, id, version)
    member_names = await names(store, {registration.state.member_id for registration in scheduling_input.registrations})
    # In a thread: a large event takes a while, and requests go on.
    restored = await asyncio.to_thread(
        restored_version, scheduling_input, member_names, newest, old, version, next_slot(brokerage_event, run.now)
    )
    if not await run.is_repeated():
        with suppress(Refusal):  # no computation is under way
            await worker.computations.cancel(id)
    try:
        return await run.run(
            AGENDA,
            id,
            lambda state: publication.restore(state, restored, newest, brokerage_event),
            answer=partial(agenda_answer, brokerage_event),
            district=brokerage_event.districts[0],
            alongside=not_in_two_places(store, scheduling_input.brokerage_event, run.now),
        )
    except Claimed as claimed:  # an appointment was made since
        raise claim_taken(claimed.claim) from claimed
