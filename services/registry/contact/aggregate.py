"""Contacts as they are stored."""

from services.registry.contact.state import Contact, evolve
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

CONTACT = Aggregate("contact", topics.CONTACTS, "contacts", evolve, state=Contact)
