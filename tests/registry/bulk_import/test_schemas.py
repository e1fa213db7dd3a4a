"""What may be sent as a line of the import."""

from services.registry.bulk_import.schemas import ImportLine
from services.registry.contact.schemas import ContactDetails
from services.registry.member.rules import MOST_OFFERS
from tests.registry.factories import application
from tests.registry.wrong_fields import wrong_fields

CONTACT = {"name": "Zoë Verdi", "email": "zoe.verdi+fiera@post.example"}
OFFER = {"nature": "product", "title": "Lastre"}


def test_a_line_has_at_most_as_many_offers_as_a_member_and_names_what_is_wrong_inside() -> None:
    whole = ImportLine.model_validate(application(offers=[OFFER] * MOST_OFFERS, needs=[], contact=CONTACT))
    assert whole.contact == ContactDetails(**CONTACT)
    assert wrong_fields(ImportLine, application(offers=[OFFER] * (MOST_OFFERS + 1))) == [("offers",)]
    assert wrong_fields(ImportLine, application(contact=CONTACT | {"language": "de"})) == [("contact", "language")]
