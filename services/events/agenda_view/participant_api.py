"""The agenda of one participant over HTTP, as data."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from services.events.agenda.state import Placement, Unplaced
from services.events.agenda_view.queries import valid_agenda
from services.events.agenda_view.schemas import OwnMeeting, OwnUnplaced, ParticipantAgenda
from services.events.agenda_view.timetable import Occasion, occasion_of
from services.events.brokerage.queries import brokerage_event
from services.events.permissions import EventId, may_act_at
from services.events.projections import names
from services.events.registration.queries import labels
from services.events.schemas import NamedMember
from shared.chassis.http.answers import json_response
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store
from shared.chassis.http.etag import UNCHANGED, IfNoneMatch, is_known, tag_of
from shared.contracts.base import Id

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


@router.get("/{member}", response_model=ParticipantAgenda, responses=UNCHANGED)
async def read_agenda_of(id: EventId, member: Id, who: Who, store: Store, if_none_match: IfNoneMatch = None) -> Response:
    """Read the agenda of one participant, in order of time, without cancelled meetings; the member itself or a manager.

    Before the first version (`version` 0) it has the appointments that were made. `room` is the label of the table, else the
    venue; `labels` say what the `people` who come are called, in their order. The ETag changes with any part of it.
    """
    event = await brokerage_event(store, id)
    may_act_at(who, event.state.districts, member)
    agenda = await valid_agenda(store, event, member)
    involved = {side for meeting in agenda.meetings for side in meeting.sides} | {member}
    known = await names(store, involved)
    occasion = occasion_of(event.state, known, await labels(store, id, involved))
    booked = {placement.meeting_id for placement in agenda.appointments}
    placements = sorted(agenda.placements, key=lambda placement: placement.slot)
    answer = ParticipantAgenda(
        event_id=id,
        version=agenda.version,
        title=event.state.title,
        venue=event.state.venue,
        timezone=event.state.timezone,
        member=NamedMember(id=member, name=known.get(member)),
        meetings=[_meeting(placement, member, known, occasion, placement.meeting_id in booked) for placement in placements],
        unplaced=[_unplaced(meeting, member, known) for meeting in agenda.unplaced],
    )
    response = json_response(answer, headers={"Cache-Control": "private, no-cache"})
    response.headers["ETag"] = tag_of(response.body)
    if is_known(if_none_match, response.headers["ETag"]):
        return Response(status_code=304, headers={name: response.headers[name] for name in ("ETag", "Cache-Control")})
    return response


def _meeting(placement: Placement, member: str, known: Mapping[str, str], occasion: Occasion, is_appointment: bool) -> OwnMeeting:
    slot, table = occasion.slots[placement.slot], occasion.tables[placement.table]
    partner, *others = _partners(placement, member, known)
    return OwnMeeting(
        meeting_id=placement.meeting_id,
        partner=partner,
        others=others,
        slot=slot.number,
        starts=slot.starts,
        ends=slot.ends,
        table=table.number,
        room=table.room,
        virtual=table.virtual,
        people=list(placement.people),
        labels=occasion.called(placement.people),
        appointment=is_appointment,
    )


def _unplaced(meeting: Unplaced, member: str, known: Mapping[str, str]) -> OwnUnplaced:
    partner, *others = _partners(meeting, member, known)
    return OwnUnplaced(meeting_id=meeting.meeting_id, partner=partner, others=others, reason=meeting.reason)


def _partners(meeting: Placement | Unplaced, member: str, known: Mapping[str, str]) -> list[NamedMember]:
    return [NamedMember(id=side, name=known.get(side)) for side in meeting.sides if side != member]
