"""Projections of other services: organisations, contacts, brokerage events, meetings, agendas."""

from collections.abc import Iterable
from dataclasses import replace

from services.notifications.read_models import (
    Agenda,
    Agreement,
    BrokerageEvent,
    BrokerageEventStatus,
    Contact,
    Meeting,
    Member,
    MemberStatus,
    RecordedOutcome,
    Representatives,
    Room,
    Slot,
)
from shared.chassis.documents import parse
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.projections.projection import Projection, own_key
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AgendaPublished,
    AppointmentDropped,
    AppointmentMade,
    AppointmentProposed,
    BrokerageEventAnnounced,
    BrokerageEventClosed,
    BrokerageEventCorrected,
    BrokerageEventStarted,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingExpired,
    MeetingHeld,
    MeetingJoined,
    MeetingMissed,
    MeetingRequested,
    Occasion,
    OutcomeRecorded,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    RegistrationClosed,
    RegistrationOpened,
)
from shared.contracts.registry import ContactRecorded, MemberApplied, MemberApproved, MemberRefused, MemberWithdrawn

MEMBER_STATUS: dict[type[DomainEvent], MemberStatus] = {MemberRefused: "refused", MemberWithdrawn: "withdrawn"}
BROKERAGE_EVENT_STATUS: dict[type[DomainEvent], BrokerageEventStatus] = {
    RegistrationOpened: "registration-open",
    RegistrationClosed: "registration-closed",
    BrokerageEventStarted: "running",
    BrokerageEventClosed: "closed",
}

MEETING_CHANGES = (
    MeetingRequested,
    MeetingJoined,
    MeetingAccepted,
    MeetingDeclined,
    MeetingExpired,
    MeetingCancelled,
    AppointmentProposed,
    AppointmentMade,
    AppointmentDropped,
    MeetingHeld,
    MeetingMissed,
    OutcomeRecorded,
)


def fold_member(_id: str, row: Member | None, received: Received, event: DomainEvent) -> Member | None:
    """Fold the name, districts and status of an organisation, and the time of its approval."""
    if isinstance(event, MemberApplied):
        return Member(event.name, event.districts, "applied", None)
    assert row is not None, "a member begins with its application"
    if isinstance(event, MemberApproved):
        return replace(row, status="approved", approved=received.envelope.time)
    return replace(row, status=MEMBER_STATUS[type(event)])


def member_of(received: Received, event: DomainEvent) -> Iterable[str]:
    """Skip offers, needs and profiles: no message names them."""
    return (received.id,) if isinstance(event, MemberApplied | MemberApproved) or type(event) in MEMBER_STATUS else ()


def fold_contact(_id: str, row: Contact | None, _received: Received, event: DomainEvent) -> Contact | None:
    """Fold the newest contact: each event has the whole of it."""
    return parse(Contact, event) if isinstance(event, ContactRecorded) else row


def fold_representatives(_id: str, row: Representatives | None, _received: Received, event: DomainEvent) -> Representatives | None:
    """Fold what the representatives of a registration are called: each event has all of them."""
    if not isinstance(event, ParticipantRegistered | ParticipantPutOnStandby):
        return row
    labels = {representative.id: representative.label for representative in event.representatives if representative.label}
    return Representatives(event.event_id, event.member_id, labels)


def fold_brokerage(_id: str, row: BrokerageEvent | None, received: Received, event: DomainEvent) -> BrokerageEvent | None:
    """Fold what participants know of a brokerage event. A correction leaves its status."""
    if isinstance(event, Occasion):
        return BrokerageEvent(
            title=event.title,
            venue=event.venue,
            timezone=event.timezone,
            districts=event.districts,
            slots=tuple(Slot(slot.number, slot.starts, slot.ends) for slot in event.slots),
            requests_until=event.requests_until,
            rooms=tuple(
                Room(table.number, table.label, table.kind == "virtual")
                for table in event.special_tables
                if table.label or table.kind == "virtual"
            ),
            version=received.sequence,
            status=_status(row, event),
        )
    if row is not None and type(event) in BROKERAGE_EVENT_STATUS:
        return replace(row, status=BROKERAGE_EVENT_STATUS[type(event)])
    return row


def _status(row: BrokerageEvent | None, event: Occasion) -> BrokerageEventStatus:
    if row is not None and isinstance(event, BrokerageEventCorrected):
        return row.status
    return "announced" if isinstance(event, BrokerageEventAnnounced) else "draft"


def fold_meeting(_id: str, row: Meeting | None, received: Received, event: DomainEvent) -> Meeting | None:
    """Fold who is in a meeting, each agreement on it, and when it last changed.

    The members are the same whoever repeats a request.
    """
    if isinstance(event, MeetingRequested):
        members = tuple(sorted((event.by, event.towards, *event.others)))
        agreed, outcomes = (row.agreed, row.outcomes) if row else ((), ())
        return Meeting(members, event.slot, agreed, received.sequence, (), outcomes, event.unwilling)
    if row is None:
        return row
    match event:
        case MeetingJoined():
            unwilling = tuple(member for member in row.unwilling if member != event.by)
            return replace(row, joined=(*row.joined, event.by), unwilling=unwilling)
        case OutcomeRecorded():
            earlier = tuple(outcome for outcome in row.outcomes if outcome.by != event.by)
            return replace(row, outcomes=(*earlier, RecordedOutcome(event.by, received.sequence)))
        case MeetingAccepted():
            agreement = Agreement(received.sequence, row.slot)
            return replace(row, agreed=(*row.agreed, agreement), changed=received.sequence, unwilling=())
    return replace(row, changed=received.sequence) if isinstance(event, MEETING_CHANGES) else row


def meeting_of(received: Received, event: DomainEvent) -> Iterable[str]:
    """Skip what changes nothing that members are told of."""
    return (received.id,) if isinstance(event, MEETING_CHANGES) else ()


def fold_agenda(_id: str, row: Agenda | None, _received: Received, event: DomainEvent) -> Agenda | None:
    """Fold each version of an agenda, to compare it with the next."""
    return parse(Agenda, event) if isinstance(event, AgendaPublished) else row


def agenda_of(received: Received, event: DomainEvent) -> Iterable[str]:
    """Fold each version into a row of its own."""
    return (agenda_id(received.id, received.sequence),) if isinstance(event, AgendaPublished) else ()


def agenda_id(brokerage_event: str, version: int) -> str:
    """Name the row of a version of an agenda."""
    return f"{brokerage_event}:{version}"


MEMBERS = Projection("notifications.members", (topics.MEMBERS,), "known_members", fold_member, member_of, row=Member)
# A recorded contact is marked dirty, so that the mailer queues at once what waits for it.
CONTACTS = Projection("notifications.contacts", (topics.CONTACTS,), "known_contacts", fold_contact, marks=own_key, row=Contact)
REPRESENTATIVES = Projection(
    "notifications.representatives", (topics.REGISTRATIONS,), "known_representatives", fold_representatives, row=Representatives
)
BROKERAGE = Projection("notifications.brokerage", (topics.BROKERAGE,), "known_brokerage", fold_brokerage, row=BrokerageEvent)
MEETINGS = Projection("notifications.meetings", (topics.MEETINGS,), "known_meetings", fold_meeting, meeting_of, row=Meeting)
AGENDAS = Projection("notifications.agendas", (topics.AGENDAS,), "known_agendas", fold_agenda, agenda_of, row=Agenda)
PROJECTIONS = (MEMBERS, CONTACTS, REPRESENTATIVES, BROKERAGE, MEETINGS, AGENDAS)

INDEXES: dict[str, list[Index]] = {
    MEMBERS.collection: [([("districts", ASCENDING), ("_id", ASCENDING)], {})],
    REPRESENTATIVES.collection: [([("event_id", ASCENDING), ("member_id", ASCENDING)], {})],
}
