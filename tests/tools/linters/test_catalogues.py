"""Catalogues read and compared."""

from pathlib import Path

import pytest

from tools.linters.catalogues import Entry, catalogue_path, compare_languages, read_catalogues

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def write(package: Path, language: str, content: str) -> None:
    path = catalogue_path(package, language)
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + content)


def entry(*forms: str, line: int = 1, placeholders: tuple[str, ...] = ()) -> Entry:
    return Entry(line, forms, frozenset(placeholders))


def advice(italian: dict[str, Entry], english: dict[str, Entry]) -> list[str]:
    root = Path("root")
    return [str(finding) for finding in compare_languages(root, root / "desk", {"it": italian, "en": english})]


def test_a_package_without_catalogues_has_empty_ones(tmp_path: Path) -> None:
    assert read_catalogues(tmp_path) == {"it": {}, "en": {}}


def test_forms_and_placeholders_of_an_entry_are_read(tmp_path: Path) -> None:
    write(tmp_path, "it", 'msgid "seats"\nmsgid_plural "seats"\nmsgstr[0] "un posto in {room.name}"\nmsgstr[1] "{n} posti"\n')
    write(tmp_path, "en", 'msgid "full"\nmsgstr "full: {days[0]} {{}}"\n')
    catalogues = read_catalogues(tmp_path)
    seats, full = catalogues["it"]["seats"], catalogues["en"]["full"]
    assert (seats.forms, seats.placeholders) == (("un posto in {room.name}", "{n} posti"), {"room", "n"})
    assert (full.forms, full.placeholders) == (("full: {days[0]} {{}}",), {"days"})
    assert full.line == 6


def test_a_placeholder_that_is_no_format_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "en", 'msgid "full"\nmsgstr "{room"\n')
    with pytest.raises(ValueError, match="expected '}'"):
        read_catalogues(tmp_path)


def test_two_languages_with_the_same_keys_and_placeholders_agree() -> None:
    assert advice({"a": entry("{n} piena", placeholders=("n",))}, {"a": entry("{n} full", placeholders=("n",))}) == []


@pytest.mark.parametrize(
    ("italian", "english", "finding"),
    [
        ({"a": entry("x", line=7)}, {}, "desk/locale/it/LC_MESSAGES/messages.po:7: a: missing in en: translate it"),
        (
            {"a": entry("x")},
            {"a": entry(" ", line=3)},
            "desk/locale/en/LC_MESSAGES/messages.po:3: a: an empty text: write it in this language",
        ),
        (
            {"a": entry("x", placeholders=("n", "day"))},
            {"a": entry("x")},
            "desk/locale/it/LC_MESSAGES/messages.po:1: a: {day, n} is not in en",
        ),
    ],
)
def test_what_one_language_lacks_is_refused_where_it_is_written(italian, english, finding: str) -> None:
    assert advice(italian, english) == [finding]


def test_plurals_in_one_language_only_are_refused_in_both() -> None:
    findings = advice({"a": entry("x", "y")}, {"a": entry("x")})
    assert [finding.rpartition(": ")[2] for finding in findings] == [
        "singular and plural here, or in en, only",
        "singular and plural here, or in it, only",
    ]
