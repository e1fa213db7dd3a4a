"""One line of the registry's bulk import, and what its readers share."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Annotated, Any

from pydantic import Field, ValidationError

from shared.contracts.base import Id, Language, Value
from shared.contracts.human_text import HumanText, shortened
from shared.contracts.registry import Identifier, Kind, Need, Offer, Place, Profile

MOST_OFFERS = 50
MOST_NEEDS = 50
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
SPLIT_AMPERSAND = re.compile(r"&amp\s*•\s*")
NOT_OF_WORDS = re.compile(r"[^a-z0-9]+")
TITLE = 300
TEXT = 4000


class LineContact(Value):
    """A member's contact. Importers write an invented address: real people are never named."""

    name: Annotated[str, HumanText(200)]
    email: str = Field(min_length=3, max_length=320)
    language: Language


class Line(Value):
    """A member with its offers and needs. They carry no id: the registry derives one."""

    name: Annotated[str, HumanText(300)]
    kind: Kind
    identifiers: tuple[Identifier, ...] = Field(min_length=1, max_length=10)
    districts: tuple[Id, ...] = Field(min_length=1, max_length=20)
    place: Place
    profile: Profile
    offers: tuple[Offer, ...] = Field(default=(), max_length=MOST_OFFERS)
    needs: tuple[Need, ...] = Field(default=(), max_length=MOST_NEEDS)
    contact: LineContact | None = None


@dataclass(frozen=True)
class Skipped:
    """A skipped row, or a skipped value of an imported row (`whole_row` false)."""

    file: str
    location: str
    reason: str
    whole_row: bool = True


Report = Callable[[Skipped], None]


class SourceMissing(Exception):
    """A file of a data set is missing, or lacks columns. The message says which and what to do."""


def tidy(text: str | None) -> str:
    """Return `text` on one line, without the marks that exports leave in it (`_x000D_`, tags, split `&amp;`)."""
    text = (text or "").replace("_x000D_", " ")
    text = SPLIT_AMPERSAND.sub("& ", TAG.sub(" ", text))
    return " ".join(unescape(text).split())


def title(text: str) -> str:
    """Return `text` as a title: tidy and at most 300 characters."""
    return shortened(tidy(text), TITLE)


def body(*parts: str) -> str:
    """Join the non-empty parts into a text of at most 4000 characters."""
    return shortened("\n".join(tidy(part) for part in parts if tidy(part)), TEXT)


def fold(text: str) -> str:
    """Return `text` in lower case without accents, for comparing words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def slug(text: str, limit: int = 40) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, for identifiers and host names."""
    return NOT_OF_WORDS.sub("-", fold(text)).strip("-")[:limit].strip("-") or "x"


def contact_at(host: str) -> LineContact:
    """Return an invented contact at `<host>.example`, a domain reserved for examples (RFC 2606)."""
    return LineContact(name="Referente", email=f"contact@{host}.example", language="it")


def reasons(error: ValidationError) -> str:
    """Return what was wrong with a line: each field with its rule, without its value."""
    return "; ".join(f"{_path(item['loc'])}: {item['msg']}" for item in error.errors(include_input=False))


def _path(location: tuple[Any, ...]) -> str:
    return ".".join(str(step) for step in location)
