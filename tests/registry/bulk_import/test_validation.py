"""Lines of the import against the taxonomy, the districts and the identity rule."""

import pytest

from services.registry.bulk_import.schemas import ImportLine
from services.registry.bulk_import.validation import check_line
from shared.chassis.errors import Invalid
from tests.registry.factories import application

DISTRICTS = {"marble", "fashion"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"districts": ["marble", "atlantis"]}, "districts.1"),
        ({"offers": [{"nature": "product", "title": "A", "topics": ["alchemy/gold"]}]}, "offers.0.topics.0"),
        ({"needs": [{"nature": "product", "title": "A", "topics": ["alchemy/gold"]}]}, "needs.0.topics.0"),
        ({"identifiers": [{"scheme": "pic", "value": "12"}]}, "identifiers.0.value"),
        *[({"place": {"country": code}}, "place.country") for code in ("ZZ", "UK", "EL", "AN", "EU")],
        *[({"profile": {"ateco": ["25.62", code]}}, "profile.ateco.1") for code in ("99.99.99", "04", "62.01.99", "25.99.4", "00")],
        ({"offers": [{"nature": "capital", "title": "A", "ticket": {"minimum": 2, "maximum": 1}}]}, "offers.0.ticket.minimum"),
    ],
)
def test_the_wrong_field_of_a_line_is_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_line(ImportLine.model_validate(application(**change)), DISTRICTS)
    assert [error.field for error in refusal.value.errors] == [field]
