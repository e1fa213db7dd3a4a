"""Refuses names that are pronouns or participles, or hold `one`, and words that the glossary has retired.

Fields of classes (annotated names in a class body) may mirror the fields of `shared/contracts`: those are published. Text in
backquotes is a quotation and is not checked.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tools.linters.allowed import ALLOWED
from tools.linters.areas import python_files
from tools.linters.findings import Finding
from tools.linters.identifiers import Identifier, identifiers, prose
from tools.linters.words import ADVERBS, PARTICIPLES, PHRASES, PREFIXES, PRONOUNS, RETIRED, VERBS, Retired

ADVICE = (
    (PRONOUNS, "a pronoun: name the thing (member, placement, document)"),
    (ADVERBS, "an adverb: name the thing (site, retry, distance)"),
    (PARTICIPLES, "a participle alone: name what is so (members, notified, principal)"),
    (VERBS, "not the field's verb: report, notify, request, subscribe"),
)


def check_names(root: Path, prefixes: Iterable[Path]) -> Iterator[Finding]:
    """Every refused name and word below the prefixes."""
    published = contract_fields(root / "shared" / "contracts")
    for path in python_files(prefixes):
        yield from sorted(check_source(path.relative_to(root), path.read_text(encoding="utf-8"), published))


def check_source(path: Path, source: str, published: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Every refused name and word of one module. `path` is relative to the project."""
    tree = ast.parse(source)
    for identifier in [Identifier(path.stem, 1, "module"), *identifiers(tree)]:
        mirrored = identifier.kind == "field" and identifier.name in published
        advice = None if mirrored or _allowed(path, identifier.name) else _refusal(path, identifier)
        if advice:
            yield Finding(path, identifier.line, identifier.name, advice)
    for text in prose(source, tree):
        for offset, line in enumerate(text.text.splitlines()):
            for word, instead in _retired_in_prose(line):
                yield Finding(path, text.line + offset, word, f"retired: {instead}")


def contract_fields(folder: Path) -> frozenset[str]:
    """The names of the fields that the contracts publish."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in python_files([folder]))
    return frozenset(identifier.name for tree in trees for identifier in identifiers(tree) if identifier.kind == "field")


def _refusal(path: Path, identifier: Identifier) -> str | None:
    if identifier.parts[:1] == ("test",):
        # The name of a test is a sentence: only words that have one meaning are refused in it.
        sentence = " ".join(identifier.parts)
        return next((f"retired word `{word}`: {instead}" for word, instead in _retired_in_prose(sentence)), None)
    if identifier.name == "it" and "en" in identifier.siblings:
        return None
    if "one" in identifier.parts:
        return "`one`, a pronoun: name the thing (stop_process, successor)"
    meaning = _without_prefixes(identifier.parts)
    for words, advice in ADVICE:
        if meaning and all(part in words for part in meaning):
            return advice
    for retired in RETIRED:
        if _applies(retired, path, identifier):
            return f"retired word `{retired.word}`: {retired.instead}"
    return None


def _without_prefixes(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in parts if part not in PREFIXES)


def _applies(retired: Retired, path: Path, identifier: Identifier) -> bool:
    if retired.kinds and identifier.kind not in retired.kinds:
        return False
    if retired.within and not any(path.is_relative_to(prefix) for prefix in retired.within):
        return False
    words = tuple(retired.word.split())
    if retired.whole:
        return _without_prefixes(identifier.parts) == words
    return any(identifier.parts[start : start + len(words)] == words for start in range(len(identifier.parts)))


def _allowed(path: Path, name: str) -> bool:
    return any(allowance.name == name and path.is_relative_to(allowance.path) for allowance in ALLOWED)


def _retired_in_prose(line: str) -> Iterator[tuple[str, str]]:
    quoted = re.sub(r"`[^`]*`", "", line)
    for pattern, instead in _prose_patterns():
        if match := pattern.search(quoted):
            yield match.group(), instead


@cache
def _prose_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    phrases = {retired.word: retired.instead for retired in RETIRED if retired.prose} | PHRASES
    return tuple((re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE), instead) for word, instead in phrases.items())
