"""Appointments over HTTP: for accepted meetings that have no place, and wherever a manager wants a meeting to be."""

from collections.abc import Sequence

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.queries import placement_of
from services.events.agenda.rules import publication as agendas
from services.events.agenda.state import Agenda
from services.events.appointment.rules import booking as appointments
from services.events.brokerage.queries import brokerage_event
from services.events.meeting.aggregate import MEETING
from services.events.meeting.api import MeetingId, seen_by
from services.events.meeting.booking import booked
from services.events.meeting.free_places import place_for
from services.events.meeting.queries import meeting
from services.events.meeting.state import Place, proposed_table, sides
from services.events.permissions import may_act_at, may_manage
from services.events.registration.queries import taking_part
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Run, Store, whole
from shared.chassis.writes.aggregate import Command
from shared.contracts.base import DomainEvent, Id

router = APIRouter(tags=["meetings"])


class Appointment(BaseModel):
    """In which slot, and at which table or whichever is free. `by` is the side that says so; without it a manager decides.

    `anyway`: also in a slot in which a side said that it is not available.
    """

    model_config = ConfigDict(extra="forbid")
    by: Id | None = None
    slot: int = Field(ge=1, le=200)
    table: int | None = Field(default=None, ge=1, le=500)
    anyway: bool = False


@router.put("/meetings/{id}/appointment")
async def appoint(id: MeetingId, body: Appointment, who: Who, run: Run, store: Store) -> Response:
    """Give an accepted meeting that has no place in the agenda a slot and a table.

    A side proposes; when every side has said the same, or a manager says it, the people and the table are booked. A manager
    also moves a meeting that has a place and has not begun: it leaves the agenda, which a version without it tells.
    """
    found = await meeting(store, id)
    event = await brokerage_event(store, found["state"]["event_id"])
    if body.by is None:
        may_manage(who, event.state.districts)
    else:
        may_act_at(who, event.state.districts, body.by)
    wish = appointments.Wish(body.slot, body.table, body.by, body.anyway)
    members, table = sides(found["state"]), proposed_table(found["state"], wish.slot, wish.table)

    def leaves(agenda: Agenda | None) -> Sequence[DomainEvent]:
        return agendas.leave(agenda, id, event.state, run.now)

    async def look() -> Place | None:
        named = found["state"].get("people") or ()
        placement = await placement_of(store, event.id, id)
        scheduled = {"slot": placement.slot, "table": placement.table, "people": placement.seated} if placement else None
        own = [place for place in ((await meeting(store, id))["state"]["appointment"], scheduled) if place is not None]
        return await place_for(store, event.id, event.state, members, wish.slot, table, named, own)

    async def once(place: Place | None) -> Response:
        registered = await taking_part(store, event.id, members)
        unavailable = frozenset(member for member, state in registered.items() if wish.slot in state.unavailable)
        placement = await placement_of(store, event.id, id)
        placed = (placement.slot, placement.table) if placement else None
        chance = appointments.Chance(frozenset(registered), placed, place, run.now, unavailable)
        return await run.run(
            MEETING,
            id,
            lambda state: appointments.appoint(state, wish, chance, event.state),
            district=event.state.districts[0],
            body=lambda done: seen_by(who, event)(whole(done)),
            first=None if body.by else Command(AGENDA, event.id, leaves),
        )

    return await booked(event.id, wish.slot, look, once)
