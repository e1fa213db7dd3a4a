"""Countries by the codes of ISO 3166."""

import pytest
from babel import Locale

from services.registry.identity.countries import COUNTRIES, EUROPEAN_UNION, check_country
from services.registry.texts import TEXTS
from shared.chassis.errors import Invalid


def test_every_code_names_a_country_and_no_code_is_the_unions_own() -> None:
    assert Locale("en").territories.keys() >= COUNTRIES
    assert set(EUROPEAN_UNION.values()) <= COUNTRIES
    assert EUROPEAN_UNION.keys().isdisjoint(COUNTRIES)
    for code in COUNTRIES:
        check_country(code, "place.country")


@pytest.mark.parametrize(("code", "instead"), [("EL", "GR"), ("UK", "GB"), ("XX", None), ("EU", None), ("it", None), ("", None)])
def test_what_is_no_country_is_refused_with_the_code_that_was_meant(code: str, instead: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        check_country(code, "place.country")
    [error] = refused.value.errors
    assert error.field == "place.country"
    for language in ("it", "en"):
        assert instead is None or instead in TEXTS.write(error.message, language)
