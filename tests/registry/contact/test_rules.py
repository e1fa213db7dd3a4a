"""The rules of contacts: what changes nothing."""

from services.registry.contact.rules import first_contact, record_contact
from services.registry.contact.state import Contact, evolve
from shared.contracts.registry import ContactRecorded


def test_an_import_replaces_no_contact() -> None:
    first = ContactRecorded(member_id="m", name="Rita", email="rita@x.example", language="it")
    second = first.model_copy(update={"email": "r@x.example"})
    contact = evolve(None, first)
    assert contact == Contact("m", "Rita", "rita@x.example", "it")
    assert (list(record_contact(contact, first)), list(record_contact(contact, second))) == ([], [second])
    assert (list(first_contact(None, first)), list(first_contact(contact, second))) == ([first], [])
