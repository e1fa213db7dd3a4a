"""Codes of ATECO: of each edition, at each level, and none that is in no edition."""

import pytest
from stdnum.eu import nace

from services.registry.member.ateco import TABLE, is_activity


@pytest.mark.parametrize("code", ["25", "25.6", "25.62", "25.62.0", "25.62.00", "62.01.00", "62.10.00", "23.70.10"])
def test_a_code_of_an_edition_is_an_activity(code: str) -> None:
    assert is_activity(code)


@pytest.mark.parametrize("code", ["99.99.99", "00", "04", "62.01.99", "62.01.9", "25.99.4", "62.1.0", "6201", "2562", "25.", ""])
def test_any_other_is_none(code: str) -> None:
    assert not is_activity(code)


def test_each_class_is_of_the_european_classification() -> None:
    classes = {code[:5].replace(".", "") for code in TABLE.read_text().split()}
    assert [code for code in classes if not any(nace.is_valid(code, revision=revision) for revision in ("2.1", "2.0"))] == []
