"""Others' facts that messages name: organisations, whom to write to, brokerage events."""

from collections.abc import Iterable

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.chassis.projections.projection import Projection, own_key
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AgendaPublished,
    BrokerageEventAnnounced,
    BrokerageEventClosed,
    BrokerageEventCorrected,
    BrokerageEventStarted,
    MeetingAccepted,
    MeetingRequested,
    Occasion,
    RegistrationClosed,
    RegistrationOpened,
)
from shared.contracts.registry import ContactRecorded, MemberApplied, MemberApproved, MemberRefused, MemberWithdrawn

STATUS: dict[type[DomainEvent], str] = {
    MemberRefused: "refused",
    MemberWithdrawn: "withdrawn",
    RegistrationOpened: "registration-open",
    RegistrationClosed: "registration-closed",
    BrokerageEventStarted: "running",
    BrokerageEventClosed: "closed",
}


def fold_member(_id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Keep an organisation's name, districts and status, and since when it is a member."""
    if isinstance(event, MemberApplied):
        return {"name": event.name, "districts": list(event.districts), "status": "applied"}
    assert document is not None, "a member begins with its application"
    if isinstance(event, MemberApproved):
        return {**document, "status": "approved", "approved": received.envelope.time}
    return {**document, "status": STATUS[type(event)]}


def member_of(received: Received, event: DomainEvent) -> Iterable[str]:
    """Leave the document alone for offers, needs and profiles: nothing of them is kept here."""
    return (received.id,) if isinstance(event, MemberApplied | MemberApproved) or type(event) in STATUS else ()


def fold_contact(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document | None:
    """Keep the newest whole contact."""
    return event.model_dump() if isinstance(event, ContactRecorded) else document


def fold_brokerage(_id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Keep what a participant is told of a brokerage event; `told` is the version that says so. A correction leaves its status."""
    if isinstance(event, Occasion):
        status = "announced" if isinstance(event, BrokerageEventAnnounced) else "draft"
        return {
            "title": event.title.model_dump(),
            "venue": event.venue,
            "timezone": event.timezone,
            "districts": list(event.districts),
            "slots": [slot.model_dump() for slot in event.slots],
            "requests_until": event.requests_until,
            "rooms": [
                {"number": one.number, "label": one.label, "virtual": one.kind == "virtual"}
                for one in event.special_tables
                if one.label or one.kind == "virtual"
            ],
            "told": received.sequence,
            "status": document["status"] if document and isinstance(event, BrokerageEventCorrected) else status,
        }
    if document is not None and type(event) in STATUS:
        return {**document, "status": STATUS[type(event)]}
    return document


def fold_meeting(_id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Keep who is in a meeting, the same whoever asks again, and each time it was agreed on: by which event, for which slot."""
    agreed = document.get("agreed", []) if document else []
    if isinstance(event, MeetingRequested):
        return {"members": sorted((event.by, event.towards, *event.others)), "slot": event.slot, "agreed": agreed}
    if document is not None and isinstance(event, MeetingAccepted):
        return {**document, "agreed": [*agreed, {"sequence": received.sequence, "slot": document.get("slot")}]}
    return document


def meeting_of(received: Received, event: DomainEvent) -> Iterable[str]:
    """Leave the document alone for all that happens to a meeting afterwards."""
    return (received.id,) if isinstance(event, MeetingRequested | MeetingAccepted) else ()


def fold_agenda(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document | None:
    """Keep each version of an agenda, for what the next one changes."""
    if not isinstance(event, AgendaPublished):
        return document
    return event.model_dump(include={"placements", "unplaced"})


def agenda_of(received: Received, event: DomainEvent) -> Iterable[str]:
    """Fold each version into a document of its own."""
    return (agenda_id(received.id, received.sequence),) if isinstance(event, AgendaPublished) else ()


def agenda_id(event: str, version: int) -> str:
    """Name the document of a version of an agenda."""
    return f"{event}:{version}"


# A recorded contact is marked, so that the mailer takes up at once what waits for it.
MEMBERS = Projection("notifications.members", (topics.MEMBERS,), "known_members", fold_member, member_of)
CONTACTS = Projection("notifications.contacts", (topics.CONTACTS,), "known_contacts", fold_contact, marks=own_key)
BROKERAGE = Projection("notifications.brokerage", (topics.BROKERAGE,), "known_brokerage", fold_brokerage)
MEETINGS = Projection("notifications.meetings", (topics.MEETINGS,), "known_meetings", fold_meeting, meeting_of)
AGENDAS = Projection("notifications.agendas", (topics.AGENDAS,), "known_agendas", fold_agenda, agenda_of)
