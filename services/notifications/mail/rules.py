"""The rules of a delivery: the outcome of one mail, and when to retry. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.contracts.base import DomainEvent
from shared.contracts.notifications import MessageFailed, MessageSent

LONGEST_PAUSE = timedelta(hours=1)
MAX_ATTEMPTS = 110
"""With the pauses of `next_attempt` these take four days, as long as mail servers retry (RFC 5321, section 4.5.4.1)."""

AWAY_PAUSE = timedelta(seconds=5)
"""A mail keeps its attempts while the server is away, and those behind it go first."""


@dataclass(frozen=True)
class Delivery:
    recipient: str
    template: str
    cause: str
    status: Literal["sent", "failed"]
    reason: str | None


def settle(state: Delivery | None, outcome: MessageSent | MessageFailed) -> Sequence[DomainEvent]:
    """Publish the outcome of a mail. The first one stands: a mail repeated after a crash has one outcome."""
    return [outcome] if state is None else []


def evolve_delivery(_state: Delivery | None, event: DomainEvent) -> Delivery:
    """Fold an event of a delivery."""
    assert isinstance(event, MessageSent | MessageFailed)
    if isinstance(event, MessageFailed):
        return Delivery(event.recipient, event.template, event.cause, "failed", event.reason)
    return Delivery(event.recipient, event.template, event.cause, "sent", None)


def next_attempt(attempts: int, now: datetime, final: bool = True) -> datetime | None:
    """The time to retry after so many attempts (from 1): 1, 2, 4 ... seconds later, at most an hour; None to give up.

    A mail that is refused for what we are, as all are, is not given up (`final` is False): that is for an operator to mend.
    """
    if final and attempts >= MAX_ATTEMPTS:
        return None
    return now + min(LONGEST_PAUSE, timedelta(seconds=2 ** min(attempts - 1, 20)))
