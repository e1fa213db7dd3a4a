"""Who is told what when something happens. Pure: facts come in, notices go out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.notifications.notices.agenda import agenda, closing, correction
from services.notifications.notices.context import Known, Notice, Telling, addressed
from services.notifications.notices.meeting import (
    absence,
    acceptance,
    appointment,
    appointment_off,
    cancellation,
    expiry,
    no_show,
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


def welcome(id: str, _version: int, _event: MemberApproved, known: Known) -> Sequence[Notice]:
    """Welcome the member."""
    return [Notice("welcome", id, {"name": known.names[id]})]


def introduction(_id: str, _version: int, event: IntroductionMade, known: Known) -> Sequence[Notice]:
    """Introduce the two to each other."""
    first, second = event.members
    return [
        Notice("introduction", member, {"name": known.names[member], "partner": known.names[partner], "mode": event.mode})
        for member, partner in ((first, second), (second, first))
    ]


def participant(template: str) -> Telling:
    """Tell a participant what became of its registration; not that it says only how it takes part, which it knows."""

    def notices(_id: str, _version: int, event: Any, known: Known) -> Sequence[Notice]:
        return [] if getattr(event, "again", False) else [Notice(template, event.member_id, addressed(event.member_id, known))]

    return Telling(lambda _, event: (event.member_id,), notices)


def about_a_meeting(notices: Any, agreed: bool = False) -> Telling:
    """Tell the sides of a meeting."""
    return Telling(lambda _id, _event: (), notices, meetings=lambda id, _: (id,), agreed=agreed)


def _in(meetings: Iterable[Placement | Unplaced]) -> set[str]:
    return {member for one in meetings for member in (*one.members, *one.others)}


TELLINGS: Mapping[type[DomainEvent], Telling] = {
    MemberApproved: Telling(lambda id, _: (id,), welcome),
    IntroductionMade: Telling(lambda _, event: event.members, introduction),
    ParticipantRegistered: participant("registration"),
    ParticipantPutOnStandby: participant("standby"),
    ParticipantWithdrew: participant("withdrawal"),
    ParticipantCheckedIn: participant("checked-in"),
    MeetingRequested: Telling(lambda _, event: (event.by, event.towards, *event.others), request),
    MeetingAccepted: about_a_meeting(acceptance, agreed=True),
    MeetingDeclined: about_a_meeting(refusal),
    RequestsExpired: Telling(lambda _, event: {event.member_id, *(id for one in event.unanswered for id in one.asked)}, expiry),
    MeetingCancelled: about_a_meeting(cancellation),
    AppointmentProposed: about_a_meeting(proposal),
    AppointmentMade: about_a_meeting(appointment),
    MeetingHeld: about_a_meeting(absence),
    AppointmentDropped: about_a_meeting(appointment_off),
    MeetingMissed: about_a_meeting(no_show),
    OutcomeRecorded: about_a_meeting(outcome),
    AgendaPublished: Telling(
        lambda _, event: _in((*event.placements, *event.unplaced, *event.appointments)),
        agenda,
        agenda=lambda version, _: version - 1 or None,
    ),
    BrokerageEventCorrected: Telling(lambda _, event: event.participants, correction),
    BrokerageEventClosed: Telling(
        lambda _, event: {*_in((*event.appointments, *event.appointments_off)), *event.registered},
        closing,
        meetings=lambda _, event: event.without_place,
        agenda=lambda _, event: event.agenda,
    ),
}
BROADCASTS: Mapping[type[DomainEvent], str] = {BrokerageEventAnnounced: "event-announced", RegistrationOpened: "registration-open"}
"""What all members of the event's districts are told, by template."""


def broadcast_of(event: DomainEvent) -> str | None:
    """Say by which template all members are told of it; None of what they were told before: registration opened once more."""
    return None if isinstance(event, RegistrationOpened) and event.again else BROADCASTS.get(type(event))


def brokerage_event_of(id: str, event: DomainEvent) -> str | None:
    """Say which brokerage event it is about: its own, or the one that it names."""
    own = isinstance(event, BrokerageEventClosed | BrokerageEventAnnounced | RegistrationOpened)
    return id if own else getattr(event, "event_id", None)
