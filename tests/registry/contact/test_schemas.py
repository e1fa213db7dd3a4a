"""What may be sent as a contact."""

from typing import Any

import pytest

from services.registry.contact.schemas import ContactDetails
from tests.registry.wrong_fields import wrong_fields

CONTACT: dict[str, Any] = {"name": "Zoë Verdi", "email": "zoe.verdi+fiera@post.example"}
LONG = "a" * 64 + "@" + ".".join(["d" * 63] * 2 + ["d" * 53]) + ".example"


def test_the_longest_address_of_smtp_is_taken() -> None:
    assert len(LONG) == 254
    assert ContactDetails.model_validate(CONTACT | {"email": LONG}).email == LONG


def test_the_language_of_a_contact_is_italian_unless_given() -> None:
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
        "a@192.0.2.1",
        "a@c.42",
        LONG + "e",
    ],
)
def test_an_address_that_no_mail_can_be_written_to_is_refused(address: str) -> None:
    assert wrong_fields(ContactDetails, CONTACT | {"email": address}) == [("email",)]


@pytest.mark.parametrize("address", [" rita@x.example", "rita@x.example\n", "\ufeffrita@x.example\u00a0"])
def test_blanks_around_an_address_are_taken_off(address: str) -> None:
    assert ContactDetails.model_validate(CONTACT | {"email": address}).email == "rita@x.example"
