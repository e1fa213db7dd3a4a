"""Dead letters as text and JSON. Records may come from anywhere: control characters are escaped for the terminal."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distretti.ops.dead_letters import DeadLetter
    from shared.chassis.dead_letters.entries import Entry

LINE = 120
HIDDEN = "personal data: shown with --personal"


def plain(text: str) -> str:
    """Escape control characters."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def single_line(reason: str) -> str:
    """Shorten a reason to one line."""
    line = " ".join(reason.split())
    return line if len(line) <= LINE else line[: LINE - 1] + "…"


def text(value: Any) -> str:
    """`default` of json.dumps: times as ISO 8601."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def entry(service: str, entry: "Entry") -> dict[str, Any]:
    """The JSON of an entry."""
    return {"service": service, **asdict(entry), "since": entry.since.isoformat()}


def whole(dead_letter: "DeadLetter", personal: bool) -> dict[str, Any]:
    """The JSON of an entry with its record and the events held behind it."""
    record = dead_letter.document["record"]
    hidden = dead_letter.entry.private and not personal
    return {
        **entry(dead_letter.service.name, dead_letter.entry),
        "partition": record["partition"],
        "offset": record["offset"],
        "key": _decoded(record["key"]),
        "headers": [[name, _decoded(value)] for name, value in record["headers"]],
        "value": HIDDEN if hidden else _value(record["value"]),
        "waiting": [{"sequence": held.sequence, "type": held.type, "kind": held.kind} for held in dead_letter.behind],
    }


def as_text(whole: dict[str, Any]) -> str:
    """An entry for reading, a field per line."""
    lines = [f"{name:<10} {plain(str(value))}" for name, value in whole.items() if name not in ("headers", "value", "waiting")]
    lines += ["headers", *(f"  {plain(str(name))}: {plain(str(value))}" for name, value in whole["headers"])]
    # json.dumps writes ASCII, so control characters are escaped.
    lines += ["value", json.dumps(whole["value"], indent=2)]
    lines += [f"{len(whole['waiting'])} held behind it", *(f"  {held['sequence']} {held['type']}" for held in whole["waiting"])]
    return "\n".join(lines)


def _decoded(raw: bytes | None) -> str | None:
    return None if raw is None else bytes(raw).decode(errors="backslashreplace")


def _value(raw: bytes | None) -> Any:
    try:
        return None if raw is None else json.loads(raw)
    except (ValueError, RecursionError):
        return _decoded(raw)
