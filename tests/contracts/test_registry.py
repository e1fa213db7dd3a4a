"""What the registry's contract refuses before a rule is asked."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts.registry import MOST_EUR, Identifier, Need, Offer, Place, Profile, Round, Ticket


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (Place, {"country": "it"}, "country"),
        (Place, {"country": "IT", "nuts3": "ITI1"}, "nuts3"),
        (Identifier, {"scheme": "vat", "value": ""}, "value"),
        (Identifier, {"scheme": "passport", "value": "1"}, "scheme"),
        (Profile, {"ateco": ["25.6.2.0"]}, "ateco"),
        (Profile, {"topics": ["x"] * 31}, "topics"),
        (Offer, {"nature": "product", "title": "T", "trl": 10}, "trl"),
        (Offer, {"nature": "product", "title": "T", "colour": "white"}, "colour"),
        (Need, {"nature": "capital", "title": "", "round": None}, "title"),
        (Ticket, {"minimum": -1}, "minimum"),
        (Ticket, {"maximum": MOST_EUR + 1}, "maximum"),
        (Round, {"amount": MOST_EUR + 1}, "amount"),
    ],
)
def test_a_wrong_field_is_named(kind: Any, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        kind.model_validate(values)
    assert [error["loc"][0] for error in wrong.value.errors()] == [field]


@pytest.mark.parametrize("ateco", ["25", "25.6", "25.62", "25.62.0", "25.62.00"])
def test_a_class_of_activity_may_be_as_fine_as_is_known(ateco: str) -> None:
    assert Profile(ateco=(ateco,)).ateco == (ateco,)
