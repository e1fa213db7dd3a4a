"""What a record holds may come from anywhere: it is shown whole, and steers no terminal."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from distretti.cli.output.dead_letter_table import HIDDEN, LINE, as_text, plain, single_line, whole
from distretti.ops.dead_letters import DeadLetter
from services.notifications.main import SERVICE
from shared.chassis.dead_letters.entries import Entry
from shared.contracts.topics import CONTACTS, MEMBERS

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def dead_letter(value: bytes | None, topic: str = MEMBERS.name) -> DeadLetter:
    fields: dict[str, Any] = {"consumer": "c", "topic": topic, "type": "t", "reason": "r", "since": NOON, "behind": 1}
    entry, held = (
        Entry(id=f"e{n}", stream=f"{topic}|m1", sequence=n, kind=kind, **fields) for n, kind in ((3, "parked"), (4, "gap"))
    )
    record = {"partition": 1, "offset": 7, "key": b"m1", "headers": [["ce_id", b"\x1b[2J"], ["x", None]], "value": value}
    return DeadLetter(SERVICE, entry, {"record": record}, [held])


@pytest.mark.parametrize(
    ("value", "content"),
    [(b'{"name": "\\u001b[2J"}', {"name": "\x1b[2J"}), (b"\xff{", "\\xff{"), (None, None), (b"[" * 100_000, "[" * 100_000)],
    ids=["json", "not text", "tombstone", "too deep"],
)
def test_any_value_is_shown_whole_as_json_and_escaped_as_text(value: bytes | None, content: Any) -> None:
    entry = whole(dead_letter(value), personal=False)
    assert json.loads(json.dumps(entry))["value"] == content
    assert entry["waiting"] == [{"sequence": 4, "type": "t", "kind": "gap"}]
    text = as_text(entry)
    assert all(line.isprintable() for line in text.splitlines())
    assert "\\x1b[2J" in text
    assert "1 held behind it\n  4 t" in text


def test_personal_data_is_shown_only_when_asked_for() -> None:
    contact = dead_letter(b'{"email": "r@post.example"}', CONTACTS.name)
    assert whole(contact, personal=False)["value"] == HIDDEN
    assert whole(contact, personal=True)["value"] == {"email": "r@post.example"}


def test_a_reason_is_one_line_of_bounded_length() -> None:
    assert single_line(" a\n\tb ") == "a b"
    assert (len(single_line("x" * LINE)), len(single_line("x" * 500)), single_line("x" * 500)[-1]) == (LINE, LINE, "…")


@pytest.mark.parametrize(("text", "escaped"), [("è a", "è a"), ("\x1b[31m", "\\x1b[31m"), ("a\nb", "a\\nb"), ("\u202e", "\\u202e")])
def test_what_would_steer_a_terminal_is_escaped(text: str, escaped: str) -> None:
    assert plain(text) == escaped
