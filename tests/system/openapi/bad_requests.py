"""Bad requests to each operation of an OpenAPI document: bodies, ids in paths, query parameters and headers."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.system.openapi.wrong_values import Place, Schema, kinds_of, wrong_bodies

JSON = {"Content-Type": "application/json"}
Headers = Mapping[str, str | bytes]
INTEGERS = (
    "",
    "1.0",
    "+1",
    "01",
    "1_0",
    "%201",
    "1%00",
    "%EF%BC%91",
    "true",
    "1e0",
    "0x1",
    "9" * 400,
    "9" * 5000,
    "NaN",
    "null",
    "%FF",
)
NUMBERS = ("", "%200.5", "0_1", "true", "NaN", "inf", "-Infinity", "1e400", "null", "%EF%BC%91", "9" * 400)
BOOLEANS = ("", "1", "0", "yes", "on", "t", "TRUE", "null", "%20true", "2")
IDS = ("%20", "%00", "%E2%80%8B", "%E2%80%AE", "%ED%A0%80", "%FF", "a%0D%0Ab", "x" * 300, "x" * 9000, "..%2F..", "$gt", "%7B%7D")
IDS += ("{}%0A", "{}%20", "%EF%BB%BF{}", "{}%E2%80%8B", "{}%00", "%D0%B0nna", "%F0%9F%98%80" * 60)
TEXTS = ("", *(text for text in IDS if "{}" not in text), "true", "9" * 400)
CURSORS = ("MQ==", "bnVsbA==", "e30=", "W10=", "Ilx1ZDgwMCI=", "TmFO", "IlwwIg==", "====", "W" * 500, "x" * 501)
IF_MATCH: Sequence[str | bytes] = ("", "3.0", '"-1"', '"1", "2"', '"9"' * 99, "9" * 5000, b'"\xb2"', b"\xff", "null", '"1e0"')
KEYS: Sequence[str | bytes] = ("", "k" * 201, "k" * 20_000)
ANY_TEXT: Sequence[str | bytes] = (
    "",
    b"\xff\xfe",
    "it;q=nan, en;q=1e999",
    "," * 3000,
    "*;q=x",
    '"' * 900,
    "it;q=0.5;x=" + "y" * 5000,
)
TOKENS: Sequence[str | bytes] = ("Bearer", "Bearer a.b.c", b"Bearer \xff", "Bearer " + "x" * 9000, "Basic eDp4", "Bearer e30.e30.")
PUBLIC = ("GET /v1/districts", "GET /v1/taxonomy", "GET /v1/brokerage-events", "GET /v1/brokerage-events/{id}")
PUBLIC += ("GET /v1/calendars/{secret}.ics",)
CONTENT_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "",
    "json",
)
FREE_HEADERS = ("Accept-Language", "X-Correlation-Id", "traceparent", "Accept", "If-None-Match")


@dataclass(frozen=True)
class Operation:
    """An operation with what a fitting request has: a path with its ids, and a body."""

    method: str
    path: str
    ids: Mapping[str, str]
    body: Any
    schema: Schema
    definitions: Schema
    parameters: Sequence[Mapping[str, Any]]

    @property
    def name(self) -> str:
        """As in the document: `GET /v1/members/{id}`."""
        return f"{self.method} {self.path}"

    @property
    def is_command(self) -> bool:
        """Whether it takes a body, or refuses one."""
        return self.method != "GET"

    @property
    def is_public(self) -> bool:
        """Whether it is asked without a token."""
        return self.name in PUBLIC

    def filled(self, **ids: str) -> str:
        """Its path with these ids, percent-encoded, instead of the fitting ones."""
        return re.sub(r"\{(\w+)\}", lambda match: ids.get(match[1], self.ids[match[1]]), self.path)


@dataclass(frozen=True)
class BadRequest:
    """A request that is refused, naming the field `place`; or one that is `answered` in whatever way but by a failure."""

    operation: Operation
    path: str
    content: bytes = b""
    headers: Headers = field(default_factory=dict)
    place: Place = ()
    answered: bool = False

    def __str__(self) -> str:
        headers = {name: value[:60] for name, value in self.headers.items() if name != "Content-Type"}
        return f"{self.operation.name} {self.path[:120]} {headers or ''} {self.place or ''} {self.content[:400]!r}"


def bad_requests(operation: Operation) -> Iterator[list[BadRequest]]:
    """All that can be wrong with requests to an operation, a list for each of its parts."""
    yield from _bodies(operation)
    yield list(_whole_bodies(operation))
    for parameter in operation.parameters:
        yield list(PARAMETERS[parameter["in"]](operation, parameter))
    yield list(_unknown_parameters(operation))
    yield list(_free_headers(operation))


def _bodies(operation: Operation) -> Iterator[list[BadRequest]]:
    if operation.body is not None:
        for wrong in wrong_bodies(operation.body, operation.schema, operation.definitions):
            yield [BadRequest(operation, operation.filled(), body.content, JSON, body.place) for body in wrong]


def _whole_bodies(operation: Operation) -> Iterator[BadRequest]:
    """Other encodings, other types of content, and what is no JSON; for a command without a body whatever has one."""
    if not operation.is_command:
        return
    good = json.dumps(operation.body if operation.body is not None else {"reason": "x"}).encode()
    bad = partial(BadRequest, operation, operation.filled())
    for text in (good[:-1], good + b"}", good + b"\x00", b"[" * 20_000, b"{'a': 1}", b"\xff\xfe" + good, b"NaN", b'{"\\ud800": 1}'):
        yield bad(text, JSON)
    for encoding in ("utf-16", "utf-16-le", "utf-32"):
        yield bad(good.decode().encode(encoding), JSON)
    yield bad('{"reason": "perché"}'.encode("latin-1"), JSON)
    yield bad(good + b" " * 1_000_000, JSON)
    for kind in CONTENT_TYPES if not operation.path.endswith("/import") else ():
        yield bad(good, {"Content-Type": kind})


def _path_ids(operation: Operation, parameter: Mapping[str, Any]) -> Iterator[BadRequest]:
    name = parameter["name"]
    kinds = kinds_of(parameter["schema"], operation.definitions)
    for text in INTEGERS if "integer" in kinds else IDS:
        if text:
            path = operation.filled(**{name: text.replace("{}", operation.ids[name])})
            yield BadRequest(operation, path, answered=operation.is_command)


def _queries(operation: Operation, parameter: Mapping[str, Any]) -> Iterator[BadRequest]:
    name = parameter["name"]
    kinds = kinds_of(parameter["schema"], operation.definitions)
    path = operation.filled()
    texts, answered = next(
        ((texts, False) for kind, texts in (("integer", INTEGERS), ("number", NUMBERS), ("boolean", BOOLEANS)) if kind in kinds),
        (TEXTS, "enum" not in kinds["string"] if "string" in kinds else True),
    )
    for text in texts:
        yield BadRequest(operation, f"{path}?{name}={text}", place=(name,), answered=answered)
    for text in CURSORS if name == "cursor" else ():
        yield BadRequest(operation, f"{path}?cursor={text}", place=(name,))
    yield BadRequest(operation, f"{path}?{name}=1&{name}=true", place=(name,))


def _headers(operation: Operation, parameter: Mapping[str, Any]) -> Iterator[BadRequest]:
    name = parameter["name"]
    content = json.dumps(operation.body).encode() if operation.body is not None else b""
    texts = {"if-match": IF_MATCH, "idempotency-key": KEYS}.get(name.lower(), ANY_TEXT)
    for text in texts:
        headers = {name: text, **(JSON if content else {})}
        yield BadRequest(operation, operation.filled(), content, headers, (name,), answered=name.lower() == "if-none-match")


PARAMETERS = {"path": _path_ids, "query": _queries, "header": _headers}


def _unknown_parameters(operation: Operation) -> Iterator[BadRequest]:
    for name in ("colour", "Limit", "$where", "a%00b", "%ED%A0%80", "limit%5B%5D"):
        path = f"{operation.filled()}?{name}=1"
        yield BadRequest(operation, path, b"[]" if operation.is_command else b"", JSON, answered=operation.is_public)


def _free_headers(operation: Operation) -> Iterator[BadRequest]:
    """Headers that every request may have. A command is refused for its body: nothing is to change by it."""
    content = b"[]" if operation.is_command else b""
    for name in FREE_HEADERS:
        for text in ANY_TEXT:
            yield BadRequest(operation, operation.filled(), content, {**JSON, name: text}, answered=not content)
    for token in TOKENS:
        yield BadRequest(operation, operation.filled(), content, {**JSON, "Authorization": token}, answered=operation.is_public)
