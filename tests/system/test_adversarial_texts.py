"""Texts of 30 kB made to be slow: no regular expression of ours, and nothing that reads free texts, takes more than linear time."""

import contextlib
import importlib
import re
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from distretti.importers import amounts, cordis, import_line, topic_classifier
from services.events.scheduling import ProblemError, parse_dzn
from services.matching.ranking.text.proper_names import names_in
from services.matching.ranking.text.vectorizer import single_line, tokenizer
from services.registry.identity.identifiers import normal_identifier
from shared.chassis.errors import Invalid
from shared.chassis.http.etag import tag_matches
from shared.chassis.plain_text import clean
from shared.contracts.registry import Identifier

ROOT = Path(__file__).parents[2]
LENGTH = 30_000
SECONDS = 1.0
"""Of CPU. Quadratic time is more than ten on these texts."""
UNITS = [
    ".",
    "…",
    "a",
    "ai",
    "A.",
    "aA",
    " ",
    "\n",
    "-",
    "_",
    "1",
    "1,",
    "<a",
    "/*",
    "/",
    "&amp",
    "&amp ",
    "•",
    "{",
    "[|",
    "(",
    "a@",
    "a.",
]
UNITS += ["x=", ";", "%", "nTables = ", "é", "e\u0301", "ﷺ", "😀", "ß", "tion", "zazione", "4.1", "s. r. "]
TEXTS = [(unit * LENGTH)[:LENGTH] + tail for unit, tail in product(UNITS, ("", "!", "x"))]
READERS: dict[str, Callable[[str], object]] = {
    "names": names_in,
    "stems of Italian": lambda text: list(tokenizer().stems(text, "it")),
    "stems of English": lambda text: list(tokenizer().stems(text, "en")),
    "single line": lambda text: single_line(text, 300),
    "clean": clean,
    "If-None-Match": lambda text: tag_matches(text, "x"),
    "name": lambda text: normal_identifier(Identifier.model_construct(scheme="name", value=f"IT:{text}"), "f"),
    "register": lambda text: normal_identifier(Identifier.model_construct(scheme="register", value=text), "f"),
    "vat": lambda text: normal_identifier(Identifier.model_construct(scheme="vat", value=text), "f"),
    "amount": amounts.parse_amount,
    "tidy": import_line.tidy,
    "body": import_line.body,
    "slug": import_line.slug,
    "topics": topic_classifier.find_topics,
    "company": cordis.COMPANY.search,
    "instance": parse_dzn,
    "list of sets": lambda text: parse_dzn(INSTANCE % text),
}
INSTANCE = (
    "nTotalSlots = 3; nMorningSlots = 3; nMeetings = 1; requested = [|1,2,3|]; nBusiness = 1; fixed = [0]; precedences = [{0}];"
    "forbidden = [{1}%s];"
)
REFUSALS = (Invalid, ProblemError, amounts.NotAnAmount)


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every regular expression that a module of the product has compiled."""
    for folder in ("services", "shared", "distretti"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name != "__main__.py":
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                module = vars(importlib.import_module(name))
                yield from ((f"{name}.{key}", value) for key, value in module.items() if isinstance(value, re.Pattern))


def seconds(read: Callable[[str], object], text: str) -> float:
    started = time.thread_time()
    with contextlib.suppress(REFUSALS):
        read(text)
    return time.thread_time() - started


def slow(read: Callable[[str], object]) -> str | None:
    """The first text that takes too long, each of three times: a collection of garbage may fall into one."""
    return next((f"{text[:12]!r}...{text[-1]!r}" for text in TEXTS if all(seconds(read, text) > SECONDS for _ in range(3))), None)


@pytest.mark.parametrize("reader", READERS)
def test_what_reads_free_texts_takes_linear_time(reader: str) -> None:
    READERS[reader]("1") if reader.startswith("stems") else None
    assert slow(READERS[reader]) is None


def test_no_regular_expression_backtracks_over_a_whole_text() -> None:
    compiled = dict(patterns())
    assert len(compiled) > 10
    texts_by_name: dict[str, str] = {}
    for name, pattern in compiled.items():
        binary = isinstance(pattern.pattern, bytes)

        def find(text: str, pattern: re.Pattern[Any] = pattern, binary: bool = binary) -> object:
            return list(pattern.finditer(text.encode() if binary else text))

        if (text := slow(find)) is not None:
            texts_by_name[name] = text
    assert texts_by_name == {}
