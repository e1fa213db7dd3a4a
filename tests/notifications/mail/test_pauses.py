"""Repetitions of one sender wait, and what is replaced meanwhile is not mailed."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.mail.pauses import SentMail, pause_ends
from services.notifications.main import SERVICE
from services.notifications.messages.ledger import About, Origin, new_message
from services.notifications.notices.context import Notice
from services.notifications.notices.facts import MessageFacts
from shared.chassis.config import Settings
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import MeetingCancelled, MeetingRequested, OutcomeRecorded
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving
from tests.lib.smtp_server import Post
from tests.notifications.conftest import counted, member
from tests.notifications.factories import announced_for_tomorrow

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PAUSE = timedelta(minutes=10)
AGO = [timedelta(minutes=minutes) for minutes in range(10)]


@pytest.mark.parametrize(
    ("recent", "waits"),
    [
        ([], None),
        ([("outcome", "m2", 3), ("meeting-requested", "m1", 1)], None),
        ([("outcome", "m1", 3)], 7),
        ([("outcome", "m1", 3), ("outcome", "m1", 1)], 9),
        ([("outcome", "m2", 9), ("outcome", "m3", 5), ("outcome", "m4", 2)], 1),
        ([("outcome", "m5", 9), ("outcome", "m2", 8), ("outcome", "m3", 5), ("outcome", "m4", 2)], 2),
    ],
)
def test_a_repetition_and_the_fourth_within_a_pause_wait(recent: list[tuple[str, str, int]], waits: int | None) -> None:
    origin = Origin("e1", "c", NOW, About("fair", "m1", (), "b", 2))
    message = new_message(Notice("outcome", "a", MessageFacts("Org a")), origin, NOW, 86_400)
    sent = [SentMail(template, meeting, NOW - AGO[minutes]) for template, meeting, minutes in recent]
    expected = None if waits is None else NOW + timedelta(minutes=waits)
    assert pause_ends(message, sent, PAUSE) == expected


async def mails_of(settings: Settings, post: Post, events: list[DomainEvent]) -> list[str]:
    """The texts that b gets, in a moment and after the pause, of what happens to its meeting with a."""
    async with serving(SERVICE, settings) as (runtime, _):
        for id in "ab":
            await member(settings, id)
        await feed(settings, topics.BROKERAGE, "e", 1, announced_for_tomorrow())
        for sequence, event in enumerate(events, 1):
            await feed(settings, topics.MEETINGS, "m1", sequence, event)
        await eventually(counted(runtime.mongo, messages=len(events), queued=0))
    return [mail.get_content() for mail in post.to("b@post.example")]


async def test_thirty_requests_taken_back_are_few_mails_and_the_last_says_what_holds(mailing: Settings, post: Post) -> None:
    requested = MeetingRequested(event_id="e", mode="b2b", by="a", towards="b")
    cancelled = MeetingCancelled(event_id="e", by="a", reason="in viaggio")
    texts = await mails_of(mailing.model_copy(update={"mail_pause": 3}), post, [requested, cancelled] * 15)
    assert len(texts) <= 4
    assert "annullato" in texts[-1]


async def test_five_outcomes_in_a_row_are_two_mails(mailing: Settings, post: Post) -> None:
    kinds = ("nda", "licence", "agreement", "follow-up", "joint-project")
    outcomes = [OutcomeRecorded(event_id="e", by="a", outcome=kind) for kind in kinds]
    requested = MeetingRequested(event_id="e", mode="b2b", by="a", towards="b")
    texts = await mails_of(mailing.model_copy(update={"mail_pause": 3}), post, [requested, *outcomes])
    assert len(texts) <= 3
    assert "un progetto comune" in texts[-1]
