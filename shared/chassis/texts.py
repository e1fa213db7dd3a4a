"""Texts for people, in Italian and English: code names a message and its parameters, a gettext catalogue has the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from babel.messages.pofile import read_po

from shared.contracts.base import Language, LocalizedText

LANGUAGES: tuple[Language, ...] = get_args(Language)
Phrase = str | tuple[str, ...]
"""What a catalogue has for a key: a phrase, or one for `n` = 1 and one for all other numbers."""


@dataclass(frozen=True)
class Message:
    """A text by its key in the catalogue. A parameter may be a message itself; `n` chooses singular or plural."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


def text(key: str, /, **params: Any) -> Message:
    """Name a text and its parameters."""
    return Message(key, params)


class TextMissing(KeyError):
    """A catalogue lacks a key; `make check` finds it before."""


class Texts:
    """The catalogues of a package, over those of the chassis: `locale/<language>/LC_MESSAGES/messages.po` in each."""

    def __init__(self, package: str) -> None:
        self._phrases = {language: {**_catalogue(__package__, language), **_catalogue(package, language)} for language in LANGUAGES}

    def write(self, message: Message, language: Language) -> str:
        """Write a message in one language. Raises TextMissing."""
        try:
            phrase = self._phrases[language][message.key]
        except KeyError:
            raise TextMissing(message.key, language) from None
        params = {name: self._value(value, language) for name, value in message.params.items()}
        if not isinstance(phrase, str):
            phrase = phrase[message.params["n"] != 1]
        return phrase.format(**params)

    def localized(self, message: Message) -> LocalizedText:
        """Write a message in both languages, for what is published."""
        return LocalizedText(it=self.write(message, "it"), en=self.write(message, "en"))

    def _value(self, value: Any, language: Language) -> Any:
        if isinstance(value, Message):
            return self.write(value, language)
        return value.in_(language) if isinstance(value, LocalizedText) else value


@cache
def _catalogue(package: str, language: Language) -> Mapping[str, Phrase]:
    path = files(package) / "locale" / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {_first(message.id): _phrase(message.string) for message in catalogue if message.id}


def _first(key: str | Sequence[str]) -> str:
    return key if isinstance(key, str) else key[0]


def _phrase(string: Any) -> Phrase:
    return string if isinstance(string, str) else tuple(string)
