"""Who is notified of what when something happens. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from services.notifications.notices.context import Context, Notice, about_event, members_of
from services.notifications.notices.facts import Introduction, MessageFacts
from services.notifications.notices.rules.agenda import agenda, closing, correction
from services.notifications.notices.rules.meeting import (
    absence,
    acceptance,
    appointment,
    cancellation,
    dropped_appointment,
    expiry,
    missed_meeting,
    outcome,
    proposal,
    refusal,
    request,
)
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AgendaPublished,
    AppointmentDropped,
    AppointmentMade,
    AppointmentProposed,
    BrokerageEventAnnounced,
    BrokerageEventClosed,
    BrokerageEventCorrected,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingHeld,
    MeetingMissed,
    MeetingRequested,
    OutcomeRecorded,
    ParticipantCheckedIn,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    Placement,
    RegistrationOpened,
    RequestsExpired,
    Unplaced,
)
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved

E = TypeVar("E", bound=DomainEvent)
AnyParticipantEvent = ParticipantRegistered | ParticipantPutOnStandby | ParticipantWithdrew | ParticipantCheckedIn


def no_agenda(_version: int, _event: DomainEvent) -> int | None:
    """Need no version of an agenda."""
    return None


def none_of(_id: str, _event: DomainEvent) -> Iterable[str]:
    """Need none."""
    return ()


@dataclass(frozen=True)
class NotificationRule(Generic[E]):
    """The notices of one type of event, and what must be known to make them.

    `notices` gets the aggregate's id and version, the event and the context. `members` are needed by name, as are all members of
    `meetings`. `agenda` says from version and event which version of the agenda is needed. With `slot_requested` the event is an
    agreement on a meeting, and the slot it was requested for is needed.
    """

    notices: Callable[[str, int, E, Context], Sequence[Notice]]
    members: Callable[[str, E], Iterable[str]] = none_of
    meetings: Callable[[str, E], Iterable[str]] = none_of
    agenda: Callable[[int, E], int | None] = no_agenda
    slot_requested: bool = False


def welcome(id: str, _version: int, _event: MemberApproved, context: Context) -> Sequence[Notice]:
    """Welcome the member."""
    return [Notice("welcome", id, MessageFacts(context.names[id]))]


def introduction(_id: str, _version: int, event: IntroductionMade, context: Context) -> Sequence[Notice]:
    """Introduce the two members to each other."""
    first, second = event.members
    return [
        Notice("introduction", member, Introduction(context.names[member], context.names[partner], event.mode))
        for member, partner in ((first, second), (second, first))
    ]


def participant(template: str) -> NotificationRule[AnyParticipantEvent]:
    """Notify a participant of its own registration, but not of a change of how it takes part: it made that itself."""

    def notices(_id: str, _version: int, event: AnyParticipantEvent, context: Context) -> Sequence[Notice]:
        is_change = isinstance(event, ParticipantRegistered | ParticipantPutOnStandby) and event.again
        return [] if is_change else [Notice(template, event.member_id, about_event(event.member_id, context))]

    return NotificationRule(notices, members=lambda _, event: (event.member_id,))


def of_meeting(notices: Callable[[str, int, E, Context], Sequence[Notice]], slot_requested: bool = False) -> NotificationRule[E]:
    """Notify members of the meeting that the event is of."""
    return NotificationRule(notices, meetings=lambda id, _: (id,), slot_requested=slot_requested)


def _in(meetings: Iterable[Placement | Unplaced]) -> set[str]:
    return {member for meeting in meetings for member in members_of(meeting)}


def _in_agenda(_id: str, event: AgendaPublished) -> Iterable[str]:
    return _in((*event.placements, *event.unplaced, *event.appointments))


def _in_requests(_id: str, event: RequestsExpired) -> Iterable[str]:
    return {event.member_id, *(member for request in event.unanswered for member in request.asked)}


def _in_closing(_id: str, event: BrokerageEventClosed) -> Iterable[str]:
    return {*_in((*event.appointments, *event.appointments_off)), *event.registered}


RULES: Mapping[type[DomainEvent], NotificationRule[Any]] = {
    MemberApproved: NotificationRule(welcome, members=lambda id, _: (id,)),
    IntroductionMade: NotificationRule(introduction, members=lambda _, event: event.members),
    ParticipantRegistered: participant("registration"),
    ParticipantPutOnStandby: participant("standby"),
    ParticipantWithdrew: participant("withdrawal"),
    ParticipantCheckedIn: participant("checked-in"),
    MeetingRequested: NotificationRule(request, members=lambda _, event: (event.by, event.towards, *event.others)),
    MeetingAccepted: of_meeting(acceptance, slot_requested=True),
    MeetingDeclined: of_meeting(refusal),
    RequestsExpired: NotificationRule(expiry, members=_in_requests),
    MeetingCancelled: of_meeting(cancellation),
    AppointmentProposed: of_meeting(proposal),
    AppointmentMade: of_meeting(appointment),
    AppointmentDropped: of_meeting(dropped_appointment),
    MeetingHeld: of_meeting(absence),
    MeetingMissed: of_meeting(missed_meeting),
    OutcomeRecorded: of_meeting(outcome),
    AgendaPublished: NotificationRule(agenda, members=_in_agenda, agenda=lambda version, _: version - 1 or None),
    BrokerageEventCorrected: NotificationRule(correction, members=lambda _, event: event.participants),
    BrokerageEventClosed: NotificationRule(
        closing, members=_in_closing, meetings=lambda _, event: event.without_place, agenda=lambda _, event: event.agenda
    ),
}
BROADCASTS: Mapping[type[DomainEvent], str] = {BrokerageEventAnnounced: "event-announced", RegistrationOpened: "registration-open"}
"""Templates of messages to all members of the brokerage event's districts."""


def broadcast_template(event: DomainEvent) -> str | None:
    """The template of a broadcast; None where registration reopens: all members know the event."""
    return None if isinstance(event, RegistrationOpened) and event.again else BROADCASTS.get(type(event))


def brokerage_event_of(id: str, event: DomainEvent) -> str | None:
    """The id of the brokerage event that an event is of, or names; None where there is none."""
    if isinstance(event, BrokerageEventClosed | BrokerageEventAnnounced | RegistrationOpened):
        return id
    named: str | None = getattr(event, "event_id", None)
    return named
