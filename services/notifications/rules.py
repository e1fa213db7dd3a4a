"""The rules of a delivery: what became of one mail, and when to try again. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, TypedDict

from shared.contracts.base import DomainEvent
from shared.contracts.notifications import MessageFailed, MessageSent

LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 110
"""With the pauses of `next_attempt` these are four days, as long as mail servers try (RFC 5321, section 4.5.4.1)."""

AWAY_PAUSE = timedelta(seconds=5)
"""A server that is away says nothing of a mail: it keeps its attempts, and those behind it go first."""


class Delivery(TypedDict):
    recipient: str
    template: str
    cause: str
    status: Literal["sent", "failed"]
    reason: str | None


def settle(state: Delivery | None, outcome: MessageSent | MessageFailed) -> Sequence[DomainEvent]:
    """Tell what became of a mail. The first outcome stands: a mail repeated after a crash is told once."""
    return [outcome] if state is None else []


def evolve_delivery(_state: Delivery | None, event: DomainEvent) -> Delivery:
    """Fold an event of a delivery."""
    assert isinstance(event, MessageSent | MessageFailed)
    return {
        "recipient": event.recipient,
        "template": event.template,
        "cause": event.cause,
        "status": "failed" if isinstance(event, MessageFailed) else "sent",
        "reason": event.reason if isinstance(event, MessageFailed) else None,
    }


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Say when to try again after so many attempts (from 1): after 1, 2, 4 ... seconds, at most an hour; None for never."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return now + min(LONGEST_PAUSE, timedelta(seconds=2 ** min(attempts - 1, 20)))
