"""The claims on people and tables, and the refusal of one that is taken."""

import pytest

from services.events.brokerage.rules.place_claims import claim_taken, person_claim, place_claims, table_claim
from services.events.texts import TEXTS


def test_a_meeting_claims_each_person_and_its_table() -> None:
    claims = ["fair:2:person:anna:r1", "fair:2:person:bruno", "fair:2:table:4"]
    assert list(place_claims("fair", 2, 4, ("anna:r1", "bruno"))) == claims


@pytest.mark.parametrize(
    ("claim", "code", "field", "params"),
    [
        (person_claim("fair", 2, "anna:r1"), "person-booked", "slot", {"slot": "2", "person": "anna:r1"}),
        (table_claim("fair", 2, 4), "table-taken", "table", {"slot": "2", "table": "4"}),
        (person_claim("fair:2027", 2, "anna:r1"), "person-booked", "slot", {"slot": "2", "person": "anna:r1"}),
        (table_claim("fair:2027", 2, 4), "table-taken", "table", {"slot": "2", "table": "4"}),
    ],
)
def test_a_taken_claim_names_what_is_taken(claim: str, code: str, field: str, params: dict[str, str]) -> None:
    refusal = claim_taken(claim)
    assert (refusal.code, refusal.errors[0].field, refusal.message.params) == (code, field, params)


def test_a_taken_claim_is_told_in_both_languages_with_what_to_do() -> None:
    person, table = claim_taken(person_claim("fair", 2, "anna:r1")).message, claim_taken(table_claim("fair", 2, 4)).message
    assert "anna:r1 already has a meeting in slot 2" in TEXTS.write(person, "en")
    assert "il tavolo 4 è occupato" in TEXTS.write(table, "it")
