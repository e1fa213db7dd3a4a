"""Publishing an earlier version of an agenda again, over HTTP."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter, Response

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.answers import with_rooms
from services.events.agenda.queries import agenda
from services.events.agenda.rules import publication as agendas
from services.events.agenda.rules.place_claims import taken
from services.events.agenda.schemas import Agenda
from services.events.agenda.versions import agenda_version
from services.events.agenda.versions_api import Version
from services.events.brokerage.rules.days import next_slot
from services.events.computation.dependencies import Worker
from services.events.computation.restore import restored
from services.events.computation.scheduling_input import gathered
from services.events.permissions import EventId, may_manage
from services.events.projections import names
from services.events.schemas import gives
from shared.chassis.errors import Claimed, Refusal
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Run, Store, whole

router = APIRouter(prefix="/brokerage-events/{id}/agenda/versions", tags=["agendas"])


@router.post("/{version}/restore", responses=gives(Agenda))
async def restore(id: EventId, version: Version, who: Who, run: Run, store: Store, worker: Worker) -> Response:
    """Publish a version again as a new one, where it still fits; managers. A computation under way is cancelled."""
    found = await gathered(store, id, run.now)
    event = found.event["state"]
    may_manage(who, event["districts"])
    newest = await agenda(store, id)
    old, coming = await agenda_version(store, id, version), next_slot(event, run.now)
    # Apart: a large event takes a while, and requests go on.
    known = await names(store, {document["state"]["member_id"] for document in found.registrations})
    again = await asyncio.to_thread(restored, found, known, newest["state"], old, version, coming)
    with suppress(Refusal):  # none is under way
        await worker.computations.cancel(id)
    try:
        return await run.run(
            AGENDA,
            id,
            lambda state: agendas.restore(state, again, newest["state"], event),
            district=event["districts"][0],
            body=lambda done: with_rooms(found.event, whole(done)),
        )
    except Claimed as claimed:  # by an appointment made since
        raise taken(claimed.claim) from claimed
