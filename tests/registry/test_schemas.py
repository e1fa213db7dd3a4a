"""What may be sent to the registry: contacts and lines of the import."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.registry.rules import MOST_OFFERS
from services.registry.schemas import Application, ContactDetails, ImportLine
from tests.registry.factories import application

CONTACT: dict[str, Any] = {"name": "Zoë Verdi", "email": "zoe.verdi+fiera@post.example"}
OFFER = {"nature": "product", "title": "Lastre"}


def wrong_fields(schema: type[BaseModel], body: dict[str, Any]) -> list[tuple[int | str, ...]]:
    with pytest.raises(ValidationError) as refused:
        schema.model_validate(body)
    return [error["loc"] for error in refused.value.errors()]


def test_who_is_written_to_in_no_other_language_is_in_italian() -> None:
    assert ContactDetails.model_validate(CONTACT).language == "it"


@pytest.mark.parametrize(
    "address",
    [
        "mario@[192.0.2.1]",
        "mario@[dominio.it",
        "a@[",
        "a..b@c.it",
        ".a@c.it",
        "zoë@c.it",
        "a@-c.it",
        "a@c-.it",
        "a@c..it",
        "a b@c.it",
        "a@b\nc",
        "a@",
    ],
)
def test_an_address_that_no_mail_can_be_written_to_is_refused(address: str) -> None:
    assert wrong_fields(ContactDetails, CONTACT | {"email": address}) == [("email",)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, ("name",)),
        ({"kind": "club"}, ("kind",)),
        ({"identifiers": []}, ("identifiers",)),
        ({"districts": []}, ("districts",)),
        ({"place": {"country": "Italy"}}, ("place", "country")),
        ({"colour": "white"}, ("colour",)),
        ({"offers": [OFFER]}, ("offers",)),
    ],
)
def test_a_wrong_field_of_an_application_is_named(change: dict[str, Any], field: tuple[str, ...]) -> None:
    assert wrong_fields(Application, application(**change)) == [field]


def test_a_line_has_at_most_as_many_offers_as_a_member_and_names_what_is_wrong_inside() -> None:
    whole = ImportLine.model_validate(application(offers=[OFFER] * MOST_OFFERS, needs=[], contact=CONTACT))
    assert whole.contact == ContactDetails(**CONTACT)
    assert wrong_fields(ImportLine, application(offers=[OFFER] * (MOST_OFFERS + 1))) == [("offers",)]
    assert wrong_fields(ImportLine, application(contact=CONTACT | {"language": "de"})) == [("contact", "language")]


@pytest.mark.parametrize("address", [" rita@x.example", "rita@x.example\n", "\ufeffrita@x.example\u00a0"])
def test_blanks_around_an_address_are_taken_off(address: str) -> None:
    assert ContactDetails.model_validate(CONTACT | {"email": address}).email == "rita@x.example"
