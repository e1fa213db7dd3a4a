"""What the members of a meeting are notified of. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.notifications.notices.context import (
    Context,
    Notice,
    details,
    partners,
    people_of,
    place_of,
    representative,
    slot_of,
)
from services.notifications.notices.facts import (
    Acceptance,
    Appointment,
    Cancellation,
    DroppedAppointment,
    Expiry,
    MissedMeeting,
    Outcome,
    Proposal,
    Refusal,
    Request,
)
from shared.contracts.events import (
    AppointmentDropped,
    AppointmentMade,
    AppointmentProposed,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingHeld,
    MeetingMissed,
    MeetingRequested,
    OutcomeRecorded,
    RequestsExpired,
)


def request(_id: str, _version: int, event: MeetingRequested, context: Context) -> Sequence[Notice]:
    """Notify the invited members of what they would agree to: with whom, who is to come, when, where, and the deadline.

    Not those who said before that they do not want to meet who requests.
    """
    invited = (event.towards, *event.others)
    requesting_person, *invited_people = people_of((event.by, *invited), event.people)
    brokerage_event = details(context.event)
    return [
        Notice(
            "meeting-requested",
            member,
            Request(
                context.names[member],
                brokerage_event,
                context.names[event.by],
                mode=event.mode,
                comes=representative(requesting_person, context),
                group=partners(invited, member, context, invited_people),
                own=representative(person, context),
                until=_deadline(event, context),
                place=None if event.slot is None else place_of(context, event.slot, event.table),
            ),
        )
        for member, person in zip(invited, invited_people, strict=True)
        if member not in event.unwilling
    ]


def acceptance(id: str, _version: int, event: MeetingAccepted, context: Context) -> Sequence[Notice]:
    """Notify all members but the last to accept that the meeting is agreed on, and when if a slot was requested."""
    place = None if context.slot is None else place_of(context, context.slot)
    event_details = details(context.event)
    return [
        Notice(
            "meeting-accepted",
            member,
            Acceptance(
                context.names[member],
                event_details,
                partner,
                by=context.names[event.by],
                # An answer goes from the member that answers towards the one that requested the meeting.
                requested=member == event.towards,
                place=place,
            ),
        )
        for member, partner in _members(id, event.by, context)
    ]


def refusal(id: str, _version: int, event: MeetingDeclined, context: Context) -> Sequence[Notice]:
    """Notify all members but the one that declines, with the reason."""
    event_details, by = details(context.event), context.names[event.by]
    return [
        Notice(
            "meeting-declined",
            member,
            Refusal(context.names[member], event_details, partner, by=by, requested=member == event.towards, reason=event.reason),
        )
        for member, partner in _members(id, event.by, context)
    ]


def expiry(_id: str, _version: int, event: RequestsExpired, context: Context) -> Sequence[Notice]:
    """Notify the requesting member of all its requests that expired, in one message."""
    invited = tuple(", ".join(context.names[member] for member in request.asked) for request in event.unanswered)
    facts = Expiry(context.names[event.member_id], details(context.event), partners=invited)
    return [Notice("requests-expired", event.member_id, facts)]


def cancellation(id: str, _version: int, event: MeetingCancelled, context: Context) -> Sequence[Notice]:
    """Notify the other members; all of them where the organisers cancel. Who withdrew has a message of its withdrawal."""
    event_details = details(context.event)
    by = None if event.by is None else context.names[event.by]
    # Without either, the reason is the service's own: a withdrawal.
    reason = event.reason if event.by or event.by_manager else None
    return [
        Notice(
            "meeting-cancelled",
            member,
            Cancellation(context.names[member], event_details, partner, by=by, organisers=event.by_manager, reason=reason),
        )
        for member, partner in _members(id, event.by, context)
        if member not in event.withdrawn
    ]


def proposal(id: str, _version: int, event: AppointmentProposed, context: Context) -> Sequence[Notice]:
    """Notify the other members of the slot that one proposes."""
    event_details, place = details(context.event), place_of(context, event.slot, event.table)
    by = context.names[event.by]
    return [
        Notice("appointment-proposed", member, Proposal(context.names[member], event_details, partner, by=by, place=place))
        for member, partner in _members(id, event.by, context)
    ]


def appointment(id: str, _version: int, event: AppointmentMade, context: Context) -> Sequence[Notice]:
    """Notify all members of when and where they meet, and which representatives are to come."""
    members = context.meetings[id]
    people = people_of(members, event.people)
    event_details, place = details(context.event), place_of(context, event.slot, event.table)
    return [
        Notice(
            "appointment",
            member,
            Appointment(
                context.names[member],
                event_details,
                partners(members, member, context, people),
                own=representative(person, context),
                place=place,
                moved=event.moved,
            ),
        )
        for member, person in zip(members, people, strict=True)
    ]


def dropped_appointment(id: str, _version: int, event: AppointmentDropped, context: Context) -> Sequence[Notice]:
    """Notify all members that their appointment cannot take place and why; the meeting stays agreed."""
    event_details, place = details(context.event), place_of(context, event.slot, event.table)
    return [
        Notice(
            "appointment-dropped",
            member,
            DroppedAppointment(context.names[member], event_details, partner, place=place, reason=event.reason),
        )
        for member, partner in _members(id, None, context)
    ]


def missed_meeting(id: str, _version: int, event: MeetingHeld | MeetingMissed, context: Context) -> Sequence[Notice]:
    """Notify all members but the one that reported it, also those reported absent."""
    event_details = details(context.event)
    return [
        Notice(
            "meeting-missed",
            member,
            MissedMeeting(
                context.names[member],
                event_details,
                partner,
                you=member in event.absent,
                absent=partners(event.absent, member, context),
            ),
        )
        for member, partner in _members(id, event.by, context)
    ]


def absence(id: str, version: int, event: MeetingHeld, context: Context) -> Sequence[Notice]:
    """Notify only those without whom the others of a group are reported to have met."""
    return [notice for notice in missed_meeting(id, version, event, context) if notice.recipient in event.absent]


def outcome(id: str, _version: int, event: OutcomeRecorded, context: Context) -> Sequence[Notice]:
    """Notify the other members of the outcome that one recorded."""
    event_details, by = details(context.event), context.names[event.by]
    return [
        Notice("outcome", member, Outcome(context.names[member], event_details, partner, by=by, outcome=event.outcome))
        for member, partner in _members(id, event.by, context)
    ]


def _deadline(event: MeetingRequested, context: Context) -> datetime:
    """The time until which a request can be accepted: the event's deadline, before its own slot, at the latest the event's end."""
    moments = [details(context.event).ends]
    if context.event.requests_until is not None:
        moments.append(context.event.requests_until)
    if event.slot is not None:
        moments.append(slot_of(context, event.slot).starts)
    return min(moments)


def _members(id: str, without: str | None, context: Context) -> Iterator[tuple[str, str]]:
    """All members of a meeting but one, each with the names of the others; not those who were not told of the request."""
    members, unwilling = context.meetings[id], context.unwilling.get(id, ())
    return ((member, partners(members, member, context)) for member in members if member != without and member not in unwilling)
