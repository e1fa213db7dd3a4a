"""Malformed records, and what must become of each at whoever hears the topic."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

Fate = Literal["undecodable", "parked", "held", "known", "unknown", "applied", "settled", "refused"]
"""`settled`: parked where the contract forbids it, applied where it allows it; never anything else.
`refused`: the broker itself does not take it."""

LARGE = 900_000
DEEP = 100_000


@dataclass(frozen=True)
class Bad:
    """A record to send; it began as the second event of its key, valid in every way."""

    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None
    partition_offset: int = 0
    """How many partitions from where its key belongs."""

    def with_header(self, name: str, value: bytes | None) -> "Bad":
        """Replace a header."""
        return replace(self, headers=tuple((header, value if header == name else old) for header, old in self.headers))

    def without(self, name: str) -> "Bad":
        """Leave a header out."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0] != name))

    def plus(self, name: str, value: bytes | None) -> "Bad":
        """Add a header, perhaps once more."""
        return replace(self, headers=(*self.headers, (name, value)))

    def with_value(self, value: bytes | None) -> "Bad":
        """Replace the value."""
        return replace(self, value=value)

    def with_each(self, change: Callable[[Any], Any]) -> "Bad":
        """Change each field of the data."""
        assert self.value is not None
        return self.with_value(json.dumps({name: change(field) for name, field in json.loads(self.value).items()}).encode())

    def with_extra(self, text: bytes) -> "Bad":
        """Add a field that nobody knows, written as it is."""
        assert self.value is not None
        return self.with_value(self.value[:-1] + b', "extra": ' + text + b"}")


@dataclass(frozen=True)
class Case:
    """How a record is spoiled, and its fate: on a dense topic, and on a compacted one where that differs."""

    name: str
    spoil: Callable[[Bad], Bad]
    fate: Fate
    compacted: Fate | None = None
    reason: str = ""


def _nul(field: Any) -> Any:
    return f"{field}\x00" if isinstance(field, str) else field


def _value(name: str, value: bytes | None, fate: Fate = "parked", reason: str = "") -> Case:
    return Case(name, lambda bad: bad.with_value(value), fate, reason=reason)


def _header(name: str, header: str, value: bytes | None, reason: str, fate: Fate = "undecodable") -> Case:
    return Case(name, lambda bad: bad.with_header(header, value), fate, reason=reason)


def _sequence(text: str) -> Case:
    return _header(f"sequence {text[:20]}", "ce_sequence", text.encode(), "ce_sequence")


def _time(text: str) -> Case:
    return _header(f"time {text}", "ce_time", text.encode(), "ce_time")


VALUES = [
    _value("no JSON", b"{nonsense", reason="Invalid JSON"),
    _value("half a JSON", b'{"name": "Es', reason="Invalid JSON"),
    _value("no UTF-8", b'{"name": "\xff\xfe"}', reason="Invalid JSON"),
    _value("empty", b"", reason="Invalid JSON"),
    _value("a list", b"[1, 2]", reason="object"),
    _value("a number", b"7", reason="object"),
    _value("the word null", b"null", reason="object"),
    _value("no fields", b"{}", reason="required"),
    _value("a null value", None, "undecodable", "the value is null"),
    _value("a giant that is no JSON", b"x" * LARGE, reason="Invalid JSON"),
    _value("deeply nested", b"[" * DEEP + b"]" * DEEP, reason="recursion"),
    Case("wrong types", lambda bad: bad.with_each(lambda _: {"unexpected": [None]}), "parked"),
    Case("not a number", lambda bad: bad.with_each(lambda _: float("nan")), "parked"),
    Case("infinite", lambda bad: bad.with_each(lambda _: float("inf")), "parked"),
    Case("null fields", lambda bad: bad.with_each(lambda _: None), "parked"),
    Case("NUL characters", lambda bad: bad.with_each(_nul), "settled"),
    Case("half a character", lambda bad: bad.with_each(lambda _: "\ud800"), "parked"),
    Case("an unknown field", lambda bad: bad.with_extra(b"NaN"), "applied"),
    Case("a giant unknown field", lambda bad: bad.with_extra(b'"' + b"x" * LARGE + b'"'), "applied"),
    Case("a deep unknown field", lambda bad: bad.with_extra(b"[" * DEEP + b"]" * DEEP), "parked"),
]
HEADERS = [
    Case("no headers", lambda bad: replace(bad, headers=()), "undecodable", reason="ce_specversion"),
    *(
        Case(f"no ce_{name}", lambda bad, name=name: bad.without(f"ce_{name}"), "undecodable", reason=f"ce_{name}")  # type: ignore[misc]
        for name in ("specversion", "id", "type", "source", "subject", "time", "sequence")
    ),
    _header("a null type", "ce_type", None, "ce_type is null"),
    _header("a null id", "ce_id", None, "ce_id is null"),
    _header("an id that is no UTF-8", "ce_id", b"\xff\xfe", "ce_id is not UTF-8"),
    _header("a type that is no UTF-8", "ce_type", b"\xc3\x28", "ce_type is not UTF-8"),
    _header("another CloudEvents", "ce_specversion", b"0.3", "ce_specversion"),
    _header("a control character", "ce_id", b"a\x00\x1b[2J", "ce_id"),
    _header("a giant id", "ce_id", b"x" * 100_000, "ce_id"),
    Case("a null stranger", lambda bad: bad.plus("x-stranger", None), "applied"),
    Case("a stranger that is no UTF-8", lambda bad: bad.plus("x-stranger", b"\xff"), "applied"),
    Case("the same header twice", lambda bad: bad.plus("ce_sequence", b"9"), "undecodable", reason="ce_sequence"),
    Case("another key", lambda bad: replace(bad, key=b"other"), "undecodable", reason="key"),
    Case("a null key", lambda bad: replace(bad, key=None), "undecodable", compacted="refused", reason="key"),
    Case("another partition", lambda bad: replace(bad, partition_offset=1), "undecodable", reason="partition"),
    Case("a key that is no UTF-8", lambda bad: replace(bad, key=b"\xff"), "undecodable", reason="key"),
    _header("a type of nobody", "ce_type", b"it.toscana.distretti.nobody.knows.v1", "", "unknown"),
    _header("a type without our prefix", "ce_type", b"com.example.thing", "", "unknown"),
    Case(
        "a future version",
        lambda bad: bad.with_header("ce_type", (dict(bad.headers)["ce_type"] or b"")[:-1] + b"2"),
        "unknown",
    ),
]
TYPES_OF_OTHERS = [
    _header("a type of another topic", "ce_type", b"it.toscana.distretti.notifications.message-sent.v1", "topic", "parked")
]
SEQUENCES = [
    *map(_sequence, ("0", "-1", "two", "1.5", "+2", " 2", "٢", "1e3", str(2**63), "9" * 400)),
    _header("an old one", "ce_sequence", b"1", "", "known"),
    Case("repeated under another id", lambda bad: bad.with_header("ce_sequence", b"1").with_value(b"{}"), "known"),
    Case("far ahead", lambda bad: bad.with_header("ce_sequence", b"999999999999999"), "held", compacted="applied"),
    Case(
        "a giant far ahead",
        lambda bad: bad.with_header("ce_sequence", b"5").with_extra(b'"' + b"x" * LARGE + b'"'),
        "held",
        compacted="applied",
    ),
]
TIMES = [*map(_time, ("yesterday", "2026-11-22T10:00:00", "2026-13-45T10:00:00Z", "0001-01-01T00:00:00+14:00"))]
TIMES += [_time("9999-12-31T23:59:59-14:00"), _time("1795345200")]
CORPUS = [*VALUES, *HEADERS, *TYPES_OF_OTHERS, *SEQUENCES, *TIMES]
