"""A small ledger, and the topics and messages that agree with it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from shared.contracts import topics
from shared.contracts.envelope import Envelope, headers_of
from shared.contracts.registry import MemberApproved, MemberProfileRevised, Profile
from tools.chaos.expectations import Effect, Ledger
from tools.chaos.findings import Finding

MEMBER = "m1"
MOMENT = datetime(2026, 11, 22, tzinfo=UTC)


def record(sequence: int, type: str, data: str = "{}", id: str | None = None, key: str = MEMBER, time: datetime = MOMENT) -> Any:
    """A record of the topic of members."""
    event = Envelope(id or f"{key}-{sequence}", type, "/chaos", key, time, sequence, "c", b"")
    headers = tuple((name, value.encode()) for name, value in headers_of(event).items())
    return SimpleNamespace(headers=headers, value=data.encode(), key=key.encode())


def approved(sequence: int = 1) -> Any:
    return record(sequence, MemberApproved.TYPE)


def revised(sequence: int = 2, summary: str = "two") -> Any:
    data = MemberProfileRevised(profile=Profile(summary=summary)).model_dump_json()
    return record(sequence, MemberProfileRevised.TYPE, data)


def make_ledger() -> Ledger:
    """Two acknowledged commands on one member; the first must result in a message."""
    ledger = Ledger()
    ledger.acknowledge(Effect(topics.MEMBERS, MEMBER, 1, (MemberApproved,), messages=(("welcome", MEMBER),)))
    ledger.acknowledge(Effect(topics.MEMBERS, MEMBER, 2, (MemberProfileRevised,), mark="two"))
    return ledger


def message(cause: str = f"{MEMBER}-1", id: str = "n1") -> dict[str, Any]:
    return {"_id": id, "template": "welcome", "recipient": MEMBER, "cause": cause, "mail": {"status": "sent"}}


def violations_of(findings: Iterable[Finding]) -> list[str]:
    return [finding.violation for finding in findings]
