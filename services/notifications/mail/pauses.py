"""When a mail may go to somebody who has just had others of the same sender. Pure.

Who asks and takes back, or corrects an outcome five times, causes a mail at once and one for all the rest: what something newer
replaces meanwhile is history when the pause ends, and what still holds goes in one mail.
"""

from collections.abc import Mapping, Sequence
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


def next_mail(
    messages: Sequence[Message], recent: Sequence[SentMail], now: datetime, pause: timedelta
) -> tuple[Sequence[Message], Mapping[str, datetime]]:
    """The messages of one sender to one recipient that go in one mail now, and until when others that are due wait.

    The first that may go takes along all that have waited, for a pause or for the server: they cause no further mail.
    """
    until: dict[str, datetime] = {}
    for message in messages:
        if message.mail.due is None or message.mail.due > now:
            continue
        ends = pause_ends(message, recent, pause)
        if ends is None:
            going = [companion for companion in messages if companion is message or companion.mail.reason]
            return going, {id: moment for id, moment in until.items() if id not in {companion.id for companion in going}}
        until[message.id] = ends
    return (), until
