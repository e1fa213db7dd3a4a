"""Languages that exist, each once."""

import pytest

from services.events.brokerage.rules.languages import ISO_639_1, check_languages
from shared.chassis.errors import Invalid


def test_a_language_is_one_of_iso_639_1_and_given_once() -> None:
    assert len(ISO_639_1) == 183
    check_languages(("it", "en", "uk", "el"))
    for languages, field in ((("it", "zz"), "languages.1"), (("sh",), "languages.0"), (("it", "en", "it"), "languages.2")):
        with pytest.raises(Invalid) as refused:
            check_languages(languages)
        assert [error.field for error in refused.value.errors] == [field]
