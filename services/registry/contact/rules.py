"""The rules of contacts. Pure."""

from collections.abc import Sequence

from services.registry.contact.state import Contact, evolve
from shared.contracts.base import DomainEvent
from shared.contracts.registry import ContactRecorded


def record_contact(state: Contact | None, contact: ContactRecorded) -> Sequence[DomainEvent]:
    """Record whom to write to. An equal contact changes nothing."""
    return [] if state == evolve(None, contact) else [contact]


def first_contact(state: Contact | None, contact: ContactRecorded) -> Sequence[DomainEvent]:
    """Record whom to write to where there is no contact yet: an import never replaces what a member gave."""
    return [] if state else [contact]
