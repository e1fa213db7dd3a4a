"""What may be sent as an application."""

from typing import Any

import pytest

from services.registry.member.schemas import Application
from tests.registry.factories import application
from tests.registry.wrong_fields import wrong_fields

OFFER = {"nature": "product", "title": "Lastre"}


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
