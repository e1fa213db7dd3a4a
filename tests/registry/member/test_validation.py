"""Applications against the taxonomy, the districts and the identity rule."""

import pytest

from services.registry.member.schemas import Application
from services.registry.member.validation import check_application, check_topics
from shared.chassis.errors import Invalid
from shared.contracts.registry import Identifier
from tests.registry.factories import application

DISTRICTS = {"marble", "fashion"}


def test_identifiers_and_districts_are_normalised_and_named_once() -> None:
    identifiers = [{"scheme": "vat", "value": value} for value in ("IT00743110157", "it 00743110157", "00743110157")]
    applied = check_application(
        Application.model_validate(application(identifiers=identifiers, districts=["marble", "marble"])), DISTRICTS
    )
    assert applied.identifiers == (Identifier(scheme="vat", value="IT00743110157"),)
    assert applied.districts == ("marble",)


def test_topics_of_the_taxonomy_are_valid() -> None:
    check_topics([], "topics")
    with pytest.raises(Invalid):
        check_topics(["alchemy/gold"], "topics")
