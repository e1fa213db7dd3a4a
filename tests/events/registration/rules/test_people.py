"""A person is a member or a representative of it, whatever the ids look like."""

import pytest

from services.events.registration.rules.people import member_of, people_of
from tests.events.computation.factories import registered


@pytest.mark.parametrize(
    ("person", "member"),
    [("anna", "anna"), ("anna:r1", "anna"), ("vat:IT1", "vat:IT1"), ("vat:IT1:r1", "vat:IT1")],
)
def test_the_member_of_a_person_is_named(person: str, member: str) -> None:
    assert member_of(person, {"anna", "vat:IT1"}) == member


def test_a_member_is_its_only_person_unless_it_names_representatives() -> None:
    assert people_of(registered("anna").state) == ("anna",)
    assert people_of(registered("anna", ["r1", "r2"]).state) == ("anna:r1", "anna:r2")
