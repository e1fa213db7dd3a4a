"""The state of a contact, and how domain events evolve it."""

from dataclasses import dataclass

from shared.chassis.documents import parse
from shared.contracts.base import DomainEvent, Language
from shared.contracts.registry import ContactRecorded


@dataclass(frozen=True)
class Contact:
    """Whom to write to. Personal data."""

    member_id: str
    name: str
    email: str
    language: Language


def evolve(_state: Contact | None, event: DomainEvent) -> Contact:
    """Fold an event of a contact: each has the whole of it."""
    assert isinstance(event, ContactRecorded)
    return parse(Contact, event)
