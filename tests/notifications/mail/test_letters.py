"""A letter becomes a mail: to every address that is recorded, under one Message-ID."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.mail.failures import PermanentFailure
from services.notifications.mail.letters import Letter, compose, domain_of
from services.registry.contact.addresses import LABEL, LOCAL
from services.registry.contact.schemas import ContactDetails

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


SENDER = "Distretti <distretti@distretti.example>"


def letter(id: str = "m1", address: str = "zoe@post.example") -> Letter:
    return Letter(id, "Zoë\r\nVerdi", address, "it", "La città", "È pronta l'agenda.\n" + "x" * 2000 + "\n")


@pytest.mark.parametrize("address", ["nobody", "a@", "@b", "a b@c", "a@b\r\nBcc: c@d", "zoë@post.example", ""])
def test_an_address_no_mail_can_go_to_is_refused(address: str) -> None:
    with pytest.raises(PermanentFailure):
        compose(letter(address=address), SENDER, NOW)


LOCALS = st.from_regex(LOCAL, fullmatch=True).filter(lambda local: len(local) <= 30)
DOMAINS = (
    st.lists(st.from_regex(LABEL, fullmatch=True), min_size=1, max_size=4)
    .map(".".join)
    .filter(lambda domain: len(domain) <= 190 and not domain.rpartition(".")[2].isdigit())
)
ADDRESSES = st.builds("{}.{}@{}".format, LOCALS, LOCALS, DOMAINS) | st.builds("{}@{}".format, LOCALS, DOMAINS)


@given(ADDRESSES)
def test_a_mail_can_be_written_to_every_address_that_is_recorded(address: str) -> None:
    recorded = ContactDetails(name="Zoë Verdi", email=address)
    assert address in compose(letter(address=recorded.email), SENDER, NOW)["To"]


def test_a_letter_is_the_same_mail_each_time_but_for_its_date() -> None:
    first, repeated = (compose(letter("m7"), SENDER, NOW + timedelta(days=days)) for days in (0, 1))
    assert first["Message-ID"] == repeated["Message-ID"] == "<m7@distretti.example>"
    assert first["Message-ID"] != compose(letter("m8"), SENDER, NOW)["Message-ID"]
    assert first["Date"] != repeated["Date"]
    assert (first["Auto-Submitted"], first["Content-Language"]) == ("auto-generated", letter().language)
    assert first.get_payload(decode=True).decode() == letter().text


@pytest.mark.parametrize("sender", ["a@b.example", "Distretti <a@b.example>", '"Distretti, Toscana" <a@b.example>'])
def test_the_domain_of_a_sender_is_that_of_its_address(sender: str) -> None:
    assert domain_of(sender) == "b.example"
