"""What must hold for the answer to a bad request."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx2

from shared.chassis.http.problems import PROBLEM
from tests.system.openapi.bad_requests import BadRequest
from tests.system.openapi.wrong_values import Place

LONGEST = 100_000
"""Bytes of an answer to what is refused."""
INNER_WORDS = re.compile(
    r"[Ii]nput should|should be a|should have|[Vv]alue error|pydantic|validation error|Field required|Extra inputs|unable to|"
    r"[Ee]xpecting |decode error|parsing the body|Traceback|object at 0x|NoneType|\\d|\^\[|\[A-Z|\(\?|\{\d+,|\]\*|\$$"
)
"""Words of the framework, and regular expressions: nobody outside understands them."""
ENGLISH = re.compile(r"\b(must|at least|at most|should|the|allowed|required|or|and|is|are|was|has|this|not|found|needed)\b", re.I)
ITALIAN = re.compile(r"\b(deve|almeno|massimo|non|della|dello|il|un|una|richiesta|campo|sono|che|con)\b", re.I)
VALUES = re.compile(r"'[a-z0-9-]+'")
"""Allowed values are the same in every language."""
FOREIGN = {"en": ITALIAN, "it": ENGLISH}


def fault_of(request: BadRequest, answer: httpx2.Response, language: str) -> str | None:
    """Say what is wrong with an answer; None where nothing is."""
    language = "" if "Accept-Language" in request.headers else language
    if answer.status_code >= 500 and not (answer.status_code == 503 and "retry-after" in answer.headers):
        return f"{answer.status_code}: {answer.text[:300]}"
    if request.operation.path.endswith("/import") and answer.status_code == 200:
        return _fault_of_line(request, answer)
    if answer.status_code < 400:
        return None if request.answered else f"{answer.status_code}, not refused: {answer.text[:300]}"
    if request.place and request.content and answer.status_code not in (400, 413, 422):
        return f"{answer.status_code}, not for the wrong field: {answer.text[:300]}"
    return fault_of_refusal(answer.status_code, answer.headers.get("content-type", ""), answer.content, language, request.place)


def fault_of_refusal(status: int, content_type: str, content: bytes, language: str, place: Place = ()) -> str | None:
    """Say what is wrong with a refusal: no problem, too long, without what was wrong, or in words that are not for its reader."""
    if content_type != PROBLEM or len(content) > LONGEST:
        return f"{status} {content_type}, {len(content)} bytes: {content[:100]!r}"
    body: Mapping[str, Any] = json.loads(content)
    typed = body["type"].startswith("urn:distretti:problem:") and body["status"] == status
    if not (typed and body["detail"] and body["title"]):
        return f"incomplete: {body}"
    errors = body.get("errors", [])
    if status == 422 and not _names(errors, place):
        return f"does not name {place}: {body}"
    return _fault_of_words([body["detail"], *(error["message"] for error in errors)], language)


def _fault_of_line(request: BadRequest, answer: httpx2.Response) -> str | None:
    """The import answers each line: the first is the wrong one, unless it could not even be cut."""
    line = json.loads(answer.text.splitlines()[0])
    if line["status"] != "invalid":
        return None if request.answered else f"taken: {line}"
    errors = line["errors"]
    if not _names(errors, request.place):
        return f"does not name {request.place}: {line}"
    return _fault_of_words([error["message"] for error in errors], "en")


def _names(errors: Sequence[Mapping[str, Any]], place: Place) -> bool:
    """Whether a wrong field is the place, one inside of it, or one around it."""
    parts = [str(part)[:190].lower() for part in place]
    fields = [error["field"].lower().split(".") for error in errors]
    return any(field in (["line"], ["body"]) or field[: len(parts)] == parts[: len(field)] for field in fields)


def _fault_of_words(texts: Sequence[str], language: str) -> str | None:
    return next(_faults_of_words(texts, language), None)


def _faults_of_words(texts: Sequence[str], language: str) -> Iterator[str]:
    for text in texts:
        for words in (INNER_WORDS, FOREIGN.get(language)):
            if words and (match := words.search(VALUES.sub("", text))):
                yield f"{match[0]!r} in {text[:300]!r} ({language})"
