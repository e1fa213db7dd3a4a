"""When a mail may go to somebody who has just had others of the same sender. Pure.

Who asks and takes back, or corrects an outcome five times, causes a mail at once and one for all the rest: what something newer
replaces meanwhile is history when the pause ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.notifications.messages.ledger import Message

AT_ONCE: Final = 3
"""Mails of one sender to one recipient that may go within a pause, each about something else."""
PAUSED: Final = "after others of the same sender"
"""The reason of a mail that waits, instead of a failure."""


@dataclass(frozen=True)
class SentMail:
    """A mail of the same sender to the same recipient."""

    template: str
    meeting: str | None
    settled: datetime


def pause_ends(message: Message, recent: Sequence[SentMail], pause: timedelta) -> datetime | None:
    """The time until which a mail waits, given those sent within a pause before now; None to send it now.

    A repetition waits for a pause after the last of its kind, another for the oldest of the last three.
    """
    repeated = [mail.settled for mail in recent if (mail.template, mail.meeting) == (message.template, message.about.meeting)]
    if repeated:
        return max(repeated) + pause
    if len(recent) >= AT_ONCE:
        return sorted(mail.settled for mail in recent)[-AT_ONCE] + pause
    return None
