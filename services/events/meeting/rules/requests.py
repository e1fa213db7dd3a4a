"""The rules of a meeting: requested, accepted by all or declined, cancelled. One for each pair or group and event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.events.brokerage.rules.lifecycle import answers_over, not_closed
from services.events.brokerage.rules.places import check_slot
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused
from services.events.meeting.rules.checks import (
    check_in_time,
    check_registered,
    check_request,
    check_same_place,
    check_side,
    check_spoken_for,
    check_unchanged,
    existing,
    free_place,
)
from services.events.meeting.rules.context import MeetingContext, RequestUnseen
from services.events.meeting.state import Meeting
from shared.chassis.errors import Refusal
from shared.chassis.texts import text
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AppointmentMade,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingExpired,
    MeetingJoined,
    MeetingRequested,
)


def request(state: Meeting | None, requested: MeetingRequested, context: MeetingContext) -> Sequence[DomainEvent]:
    """Request a meeting.

    A request in return is an acceptance. A repetition, or a request for a meeting that is accepted, changes nothing; another
    request by the same member replaces its first. Who was declined cannot request again; who declined can, and anybody after an
    expiry or a cancellation. Who does not want to meet who requests is not told of it; no answer says so. Raises RequestUnseen.
    """
    check_request(requested, context)
    unwilling = tuple(member for member in (requested.towards, *requested.others) if member in context.unwilling)
    requested = requested.model_copy(update={"unwilling": unwilling})
    if state is None or state.status in ("expired", "cancelled"):
        return _requested(requested, context)
    in_return = requested.by in state.invited
    if state.status == "requested" and not in_return:
        return [] if _terms(state) == _terms(requested) else _requested(requested, context)
    if state.status in ("requested", "accepted"):
        check_same_place(state, requested)
        if state.status == "requested" and state.slot is not None and context.request_seen is None and context.place is None:
            raise RequestUnseen  # no place was looked for
        return _accept(state, requested.by, context, own_representative(requested)) if state.status == "requested" else []
    if not in_return:
        raise refused("meeting-declined", "towards")
    return _requested(requested, context)


def accept(state: Meeting | None, by: str, context: MeetingContext, person: str | None = None) -> Sequence[DomainEvent]:
    """Accept a meeting, as one that was asked; a repetition changes nothing. The last acceptance makes the meeting accepted.

    `person` is the representative that `by` sends, `member:representative`.
    """
    meeting = _answerable(state, by)
    if meeting.status == "accepted" or by in meeting.accepted:
        return []
    _check_pending(meeting)
    not_closed(context.brokerage_event)
    check_in_time(context)
    if person is not None and person not in context.people.get(by, ()):
        raise refused("representative-unknown", "representative", person=person)
    return _accept(meeting, by, context, person)


def decline(state: Meeting | None, by: str, reason: str, brokerage_event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Decline a meeting, as one that was asked, with a reason; a repetition changes nothing."""
    meeting = _answerable(state, by)
    if meeting.status == "declined":
        return []
    _check_pending(meeting)
    not_closed(brokerage_event)
    return [MeetingDeclined(event_id=meeting.event_id, by=by, towards=meeting.by, reason=reason)]


def expire(state: Meeting | None, brokerage_event: BrokerageEvent, now: datetime) -> Sequence[DomainEvent]:
    """End a request that was not answered in time; any other meeting does not change."""
    meeting = existing(state)
    expired = answers_over(brokerage_event, now) and meeting.status == "requested"
    return [MeetingExpired(event_id=meeting.event_id)] if expired else []


def cancel(
    state: Meeting | None, cancelled: MeetingCancelled, begun: bool, brokerage_event: BrokerageEvent
) -> Sequence[DomainEvent]:
    """Cancel an accepted meeting that has not begun; or withdraw a request, as who requested or a manager.

    A repetition changes nothing.
    """
    meeting = existing(state)
    check_side(meeting, cancelled.by)
    if meeting.status == "cancelled":
        return []
    not_closed(brokerage_event)
    if meeting.status == "requested" and cancelled.by in (meeting.by, None):
        return [cancelled]
    if meeting.status != "accepted":
        raise Refusal("meeting-not-accepted", message=text("meeting-to-decline"))
    if begun or meeting.attendance is not None:
        raise Refusal("meeting-begun")
    return [cancelled]


def own_representative(requested: MeetingRequested) -> str | None:
    """Name the representative that who requests sends itself."""
    return next((person for person in requested.people if person.rpartition(":")[0] == requested.by), None)


def _requested(requested: MeetingRequested, context: MeetingContext) -> Sequence[DomainEvent]:
    check_spoken_for(requested.by, requested.slot, context)
    return [requested]


def _accept(meeting: Meeting, by: str, context: MeetingContext, person: str | None) -> Sequence[DomainEvent]:
    """Join the meeting; after the last side the meeting is accepted, and takes its place where it is an appointment.

    Who requested and who has accepted must still be registered.
    """
    check_unchanged(meeting, context.request_seen)
    check_registered((by, meeting.by, *meeting.accepted), context)
    if by in meeting.accepted:
        return []
    check_spoken_for(by, meeting.slot, context)
    event_id, towards = meeting.event_id, meeting.by
    if set(meeting.invited) - {by, *meeting.accepted}:
        return [MeetingJoined(event_id=event_id, by=by, towards=towards, person=person)]
    accepted = MeetingAccepted(event_id=event_id, by=by, towards=towards, person=person)
    if meeting.slot is None:
        return [accepted]
    check_slot(meeting.slot, context.brokerage_event, context.now)
    place = free_place(context.place)
    made = AppointmentMade(
        event_id=event_id,
        slot=meeting.slot,
        table=place.table,
        people=place.people,
        anyway=meeting.sides_among(context.unavailable),
    )
    return [accepted, made]


def _terms(request: Meeting | MeetingRequested) -> tuple[Any, ...]:
    """What may differ between two requests of the same member to the same."""
    return request.mode, request.introduction_id, request.slot, request.table, sorted(request.people)


def _answerable(state: Meeting | None, by: str) -> Meeting:
    """Return a meeting that `by` was asked for. Raises NotFound and Refusal."""
    meeting = existing(state)
    if by not in meeting.invited:
        raise refused("not-asked", "by")
    return meeting


def _check_pending(meeting: Meeting) -> None:
    """Raise Refusal unless the request is open."""
    if meeting.status != "requested":
        raise Refusal("meeting-answered", status=text(f"status-{meeting.status}"))
