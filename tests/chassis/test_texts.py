"""Texts: two languages, parameters, singular and plural, messages inside messages."""

from pathlib import Path

import pytest

from shared.chassis.texts import TextMissing, Texts, text
from shared.contracts.base import LocalizedText

CATALOGUE = """
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "slots"
msgid_plural "slots"
msgstr[0] "{one}"
msgstr[1] "{many}"

msgid "where"
msgstr "{where}"

msgid "overloaded"
msgstr "{own}"
"""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    package = tmp_path_factory.mktemp("package")
    (package / "__init__.py").touch()
    italian = {"one": "{n} slot libero", "many": "{n} slot liberi", "where": "{name} ha {slots}", "own": "pieno"}
    english = {"one": "{n} free slot", "many": "{n} free slots", "where": "{name} has {slots}", "own": "full"}
    for language, phrases in (("it", italian), ("en", english)):
        folder = package / "locale" / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        filled = CATALOGUE.replace("{language}", language)
        for name, phrase in phrases.items():
            filled = filled.replace(f'"{{{name}}}"', f'"{phrase}"')
        (folder / "messages.po").write_text(filled)
    return _texts_of(package)


def _texts_of(package: Path) -> Texts:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(package.parent)
        return Texts(package.name)


def test_a_number_chooses_singular_or_plural(texts: Texts) -> None:
    phrases = [texts.write(text("slots", n=number), "it") for number in (0, 1, 2)]
    assert phrases == [
        "0 slot liberi",
        "1 slot libero",
        "2 slot liberi",
    ]


def test_a_message_inside_a_message_is_written_in_the_same_language(texts: Texts) -> None:
    message = text("where", name=LocalizedText(it="Sala", en="Room"), slots=text("slots", n=1))
    assert texts.localized(message) == LocalizedText(it="Sala ha 1 slot libero", en="Room has 1 free slot")


def test_a_service_overrides_and_inherits_the_texts_of_the_chassis(texts: Texts) -> None:
    assert texts.write(text("overloaded"), "it") == "pieno"
    assert texts.write(text("outbox-full"), "en") == "Too many events wait for Kafka: try again later."


def test_an_unknown_key_is_an_error(texts: Texts) -> None:
    with pytest.raises(TextMissing):
        texts.write(text("nowhere"), "en")


def test_braces_in_a_parameter_stay_as_they_are(texts: Texts) -> None:
    assert texts.write(text("where", name="{x}", slots="{n}"), "en") == "{x} has {n}"
