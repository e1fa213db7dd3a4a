"""The rules of an appointment: the slot and the table a meeting has of its own, outside the agenda."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.events.brokerage.rules.lifecycle import not_closed
from services.events.brokerage.rules.places import check_slot, check_table
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused_as
from services.events.meeting.rules.checks import accepted_meeting, free_place
from services.events.meeting.rules.context import Place
from services.events.meeting.rules.wishes import Obstacles, Overrides, check_wishes
from services.events.meeting.state import Meeting
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import AppointmentMade, AppointmentProposed


@dataclass(frozen=True)
class AppointmentRequest(Overrides):
    """Where an accepted meeting is to be: in a slot, at a table or any. Without `by` a manager decides it; `in_name_of` says that
    a manager speaks for the side.
    """

    slot: int
    table: int | None = None
    by: str | None = None
    in_name_of: bool = False

    def decided_for(self, meeting: Meeting) -> tuple[str, ...]:
        """Name the sides that a manager decides for; a side that proposes or agrees itself speaks for itself."""
        if self.by is None:
            return meeting.sides
        return (self.by,) if self.in_name_of else ()


@dataclass(frozen=True)
class AppointmentContext(Obstacles):
    """What other aggregates said when the command came: who is registered, where the newest agenda has the meeting (a slot and
    a table), a free place, and what the sides asked for."""

    registered: frozenset[str]
    in_agenda: tuple[int, int] | None
    place: Place | None
    now: datetime


def appoint(
    state: Meeting | None, request: AppointmentRequest, context: AppointmentContext, brokerage_event: BrokerageEvent
) -> Sequence[DomainEvent]:
    """Give an accepted meeting that has no place a slot and a table: proposed by one side, made when all sides propose the same.

    A repetition changes nothing; another slot is another proposal, for the others to agree to. A manager decides, and also moves
    what has a place and has not begun; in the very place that the agenda has for it, it stays from now on.
    """
    meeting = accepted_meeting(state, request.by)
    not_closed(brokerage_event)
    made = meeting.appointment
    if made is not None and made.slot == request.slot and request.table in (None, made.table):
        return []
    current = (made.slot, made.table) if made is not None else context.in_agenda
    _check_movable(meeting, current, request, brokerage_event, context.now)
    check_slot(request.slot, brokerage_event, context.now)
    check_table(request.table, brokerage_event)
    for side in meeting.sides:
        if side not in context.registered:
            raise refused_as("not-registered", "by", "member-not-registered", member=side)
    check_wishes(request.decided_for(meeting), context, request, placed=current is not None)
    proposers = meeting.proposers(request.slot, request.table)
    if request.by is not None and set(meeting.sides) - {request.by, *proposers}:
        proposed = AppointmentProposed(event_id=meeting.event_id, by=request.by, slot=request.slot, table=request.table)
        return [] if request.by in proposers else [proposed]
    place = free_place(context.place, meeting.proposed_table(request.slot, request.table))
    return [
        AppointmentMade(
            event_id=meeting.event_id,
            slot=request.slot,
            table=place.table,
            people=place.people,
            moved=current is not None and current != (request.slot, place.table),
            anyway=meeting.sides_among(context.unavailable),
        )
    ]


def _check_movable(
    meeting: Meeting,
    current: tuple[int, int] | None,
    request: AppointmentRequest,
    brokerage_event: BrokerageEvent,
    now: datetime,
) -> None:
    """Raise Refusal where the meeting is to stay at its `current` place: it has begun, or it is a side that would move it."""
    if current is not None and request.by is not None:
        raise Refusal("meeting-placed")
    begun = current is not None and brokerage_event.slots[current[0] - 1].starts <= now
    if begun or meeting.attendance is not None:
        raise Refusal("meeting-begun")
