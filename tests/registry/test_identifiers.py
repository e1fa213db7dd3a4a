"""The identity rule at its edges."""

import pytest

from services.registry.identifiers import normal_identifier
from services.registry.texts import TEXTS
from shared.chassis.errors import Invalid
from shared.contracts.registry import Identifier


@pytest.mark.parametrize(
    "identifier",
    [
        Identifier(scheme="name", value="IT:" + "\N{LATIN SMALL LIGATURE FFI}" * 100),
        Identifier(scheme="pic", value="٩٩٩٤٧٠٥٤١"),
        Identifier(scheme="fiscal-code", value="RSSMRA85T10A562S"),
    ],
    ids=[
        "a name that grows when it is written out",
        "the digits of a PIC in another script, which would be another claim",
        "a person",
    ],
)
def test_what_has_no_one_way_to_be_written_is_refused(identifier: Identifier) -> None:
    with pytest.raises(Invalid) as refused:
        normal_identifier(identifier, "identifiers.0.value")
    assert [error.field for error in refused.value.errors] == ["identifiers.0.value"]


def test_the_fiscal_code_of_a_person_is_not_repeated_and_the_way_out_is_told() -> None:
    with pytest.raises(Invalid) as refused:
        normal_identifier(Identifier(scheme="fiscal-code", value="RSSMRA85T10A562S"), "identifiers.0.value")
    [error] = refused.value.errors
    message = TEXTS.write(error.message, "en")
    assert "VAT number" in message
    assert "RSSMRA85T10A562S" not in f"{TEXTS.localized(refused.value.message)} {message}"
