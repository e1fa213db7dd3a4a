"""How parked entries are shown: nothing of a stranger's record reaches the terminal unescaped."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from distretti.ops.dead_letters import Found
from shared.chassis.dead_letters.entries import Entry

LINE = 120
HIDDEN = "about people: shown with --personal"


def plain(text: str) -> str:
    """Escape what would steer a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def one_line(reason: str) -> str:
    """Cut a reason to a line."""
    line = " ".join(reason.split())
    return line if len(line) <= LINE else line[: LINE - 1] + "…"


def text(value: Any) -> str:
    """Write a moment, or whatever JSON does not know."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def entry(service: str, entry: Entry) -> dict[str, Any]:
    """Make the JSON of an entry."""
    return {"service": service, **asdict(entry), "since": entry.since.isoformat()}


def whole(found: Found, personal: bool) -> dict[str, Any]:
    """Make the JSON of an entry with its record, and what waits behind it."""
    record = found.document["record"]
    hidden = found.entry.private and not personal
    return {
        **entry(found.service.name, found.entry),
        "partition": record["partition"],
        "offset": record["offset"],
        "key": _decoded(record["key"]),
        "headers": [[name, _decoded(value)] for name, value in record["headers"]],
        "value": HIDDEN if hidden else _value(record["value"]),
        "waiting": [{"sequence": one.sequence, "type": one.type, "kind": one.kind} for one in found.behind],
    }


def as_text(whole: dict[str, Any]) -> str:
    """Lay an entry out for reading, a field a line."""
    lines = [f"{name:<10} {plain(str(value))}" for name, value in whole.items() if name not in ("headers", "value", "waiting")]
    lines += ["headers", *(f"  {plain(str(name))}: {plain(str(value))}" for name, value in whole["headers"])]
    # JSON is written in ASCII: what it has of control characters is escaped.
    lines += ["value", json.dumps(whole["value"], indent=2)]
    lines += [f"{len(whole['waiting'])} wait behind it", *(f"  {one['sequence']} {one['type']}" for one in whole["waiting"])]
    return "\n".join(lines)


def _decoded(raw: bytes | None) -> str | None:
    return None if raw is None else bytes(raw).decode(errors="backslashreplace")


def _value(raw: bytes | None) -> Any:
    try:
        return None if raw is None else json.loads(raw)
    except (ValueError, RecursionError):
        return _decoded(raw)
