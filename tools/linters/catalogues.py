"""gettext catalogues: `locale/<language>/LC_MESSAGES/messages.po` in a package, read by Babel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

from tools.linters.findings import Finding

LANGUAGES = ("it", "en")


@dataclass(frozen=True, slots=True)
class Entry:
    """The forms of a text: one, or singular and plural. `placeholders` are the parameters that any of them names."""

    line: int
    forms: tuple[str, ...]
    placeholders: frozenset[str]


Catalogue = Mapping[str, Entry]
Catalogues = Mapping[str, Catalogue]
"""By language."""


def catalogue_path(package: Path, language: str) -> Path:
    return package / "locale" / language / "LC_MESSAGES" / "messages.po"


def read_catalogues(package: Path) -> Catalogues:
    """The catalogues of a package; empty where it has none. Raises ValueError for a placeholder that is no format."""
    return {language: _read(catalogue_path(package, language), language) for language in LANGUAGES}


def _read(path: Path, language: str) -> Catalogue:
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale=language) if message.id]
    catalogue = {}
    for message in messages:
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        catalogue[key] = Entry(message.lineno or 0, forms, frozenset(name for form in forms for name in _placeholders(form)))
    return catalogue


def _placeholders(form: str) -> Iterator[str]:
    for _, name, _, _ in Formatter().parse(form):
        if name is not None:
            yield name.partition(".")[0].partition("[")[0]


def compare_languages(root: Path, package: Path, catalogues: Catalogues) -> Iterator[Finding]:
    """Refuse keys that a language lacks, empty texts, and placeholders or forms that differ between the languages."""
    for language in LANGUAGES:
        path = catalogue_path(package, language).relative_to(root)
        for key, entry in catalogues[language].items():
            if not all(form.strip() for form in entry.forms):
                yield Finding(path, entry.line, key, "an empty text: write it in this language")
            (translated,) = (name for name in LANGUAGES if name != language)
            counterpart = catalogues[translated].get(key)
            if counterpart is None:
                yield Finding(path, entry.line, key, f"missing in {translated}: translate it")
            elif len(counterpart.forms) != len(entry.forms):
                yield Finding(path, entry.line, key, f"singular and plural here, or in {translated}, only")
            elif excess := entry.placeholders - counterpart.placeholders:
                yield Finding(path, entry.line, key, f"{{{', '.join(sorted(excess))}}} is not in {translated}")
