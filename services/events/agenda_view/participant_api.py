"""The agenda of one participant over HTTP, as data."""

from collections.abc import Iterable, Mapping

from fastapi import APIRouter, Response

from services.events.agenda.state import Placement, Unplaced
from services.events.agenda_view.queries import CurrentAgenda, read_current_agenda
from services.events.agenda_view.schemas import OwnMeeting, OwnUnplaced, ParticipantAgenda
from services.events.agenda_view.timetable import EventDetails, details_of
from services.events.brokerage.access import event_acted_at
from services.events.brokerage.state import BrokerageEvent
from services.events.permissions import EventId
from services.events.projections import names
from services.events.registration.queries import known_registration, labels
from services.events.schemas import NamedMember
from shared.chassis.http.answers import json_response
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Store
from shared.chassis.http.etag import UNCHANGED, IfNoneMatch, tag_matches, tag_of
from shared.chassis.writes.aggregate import Stored
from shared.contracts.base import Id

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


@router.get("/{member}", response_model=ParticipantAgenda, responses=UNCHANGED)
async def read_agenda_of(
    id: EventId, member: Id, principal: CurrentPrincipal, store: Store, if_none_match: IfNoneMatch = None
) -> Response:
    """Read the agenda of one participant, in order of time, without what was cancelled since; the member itself or a manager.

    Before the first version (`version` 0) it has the appointments that were made. `room` is the label of the table, else the
    venue; `labels` say what the `people` who come are called, in their order. The ETag changes with any of it.
    """
    brokerage_event = await event_acted_at(store, principal, id, member)
    await known_registration(store, id, member)
    agenda = await read_current_agenda(store, brokerage_event, member)
    sides = agenda.sides | {member}
    member_names = await names(store, sides)
    details = details_of(brokerage_event.state, member_names, await labels(store, id, sides))
    answer = _answer(brokerage_event, member, agenda, details, member_names)
    headers = {"ETag": tag_of(answer.model_dump_json().encode()), "Cache-Control": "private, no-cache"}
    if tag_matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return json_response(answer, headers=headers)


def _answer(
    brokerage_event: Stored[BrokerageEvent],
    member: str,
    agenda: CurrentAgenda,
    details: EventDetails,
    member_names: Mapping[str, str],
) -> ParticipantAgenda:
    state = brokerage_event.state
    scheduled = [(placement, False) for placement in agenda.placements] + [(booked, True) for booked in agenda.appointments]
    return ParticipantAgenda(
        event_id=brokerage_event.id,
        version=agenda.version,
        title=state.title,
        venue=state.venue,
        timezone=state.timezone,
        member=_named(member, member_names),
        meetings=[
            _own_meeting(placement, is_appointment, member, details, member_names)
            for placement, is_appointment in sorted(scheduled, key=lambda pair: pair[0].slot)
        ],
        unplaced=[_own_unplaced(meeting, member, member_names) for meeting in agenda.unplaced],
    )


def _own_meeting(
    placement: Placement, is_appointment: bool, member: str, details: EventDetails, member_names: Mapping[str, str]
) -> OwnMeeting:
    slot, table = details.slots[placement.slot], details.tables[placement.table]
    partner, *others_named = _partners(placement.sides, member, member_names)
    return OwnMeeting(
        meeting_id=placement.meeting_id,
        partner=partner,
        others=others_named,
        slot=slot.number,
        starts=slot.starts,
        ends=slot.ends,
        table=table.number,
        room=table.room,
        virtual=table.virtual,
        people=list(placement.people),
        labels=details.labels_of(placement.people),
        appointment=is_appointment,
    )


def _own_unplaced(meeting: Unplaced, member: str, member_names: Mapping[str, str]) -> OwnUnplaced:
    partner, *others_named = _partners(meeting.sides, member, member_names)
    return OwnUnplaced(meeting_id=meeting.meeting_id, partner=partner, others=others_named, reason=meeting.reason)


def _partners(sides: Iterable[str], member: str, member_names: Mapping[str, str]) -> list[NamedMember]:
    return [_named(side, member_names) for side in sides if side != member]


def _named(member: str, member_names: Mapping[str, str]) -> NamedMember:
    return NamedMember(id=member, name=member_names.get(member))
