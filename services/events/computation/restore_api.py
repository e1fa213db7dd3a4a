"""Restoring an earlier version of an agenda over HTTP."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter, Response

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.answers import agenda_answer
from services.events.agenda.queries import newest_agenda
from services.events.agenda.rules import publication as agendas
from services.events.agenda.rules.place_claims import taken
from services.events.agenda.schemas import AgendaAnswer
from services.events.agenda.versions import agenda_version
from services.events.agenda.versions_api import Version
from services.events.brokerage.rules.days import next_slot
from services.events.computation.dependencies import Worker
from services.events.computation.restore import restored
from services.events.computation.scheduling_input import gathered
from services.events.permissions import EventId, may_manage
from services.events.projections import names
from shared.chassis.errors import Claimed, Refusal
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Run, Store

router = APIRouter(prefix="/brokerage-events/{id}/agenda/versions", tags=["agendas"])


@router.post("/{version}/restore", response_model=AgendaAnswer)
async def restore(id: EventId, version: Version, who: Who, run: Run, store: Store, worker: Worker) -> Response:
    """Publish a version as a new one, where it still fits; managers. A computation under way is cancelled."""
    scheduling_input = await gathered(store, id, run.now)
    event = scheduling_input.event
    may_manage(who, event.state.districts)
    newest = await newest_agenda(store, id)
    earlier = await agenda_version(store, id, version)
    known = await names(store, {registration.state.member_id for registration in scheduling_input.registrations})
    # In a thread: it takes a while for a large event, and requests go on.
    published = await asyncio.to_thread(restored, scheduling_input, known, newest.state, earlier, next_slot(event.state, run.now))
    with suppress(Refusal):  # none is under way
        await worker.computations.cancel(id)
    try:
        return await run.run(
            AGENDA,
            id,
            lambda state: agendas.restore(state, published, newest.state, event.state),
            district=event.state.districts[0],
            answer=lambda written: agenda_answer(event, written),
        )
    except Claimed as claimed:  # by an appointment made since
        raise taken(claimed.claim) from claimed
