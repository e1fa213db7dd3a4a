"""Repetitions of one sender wait, and what is replaced meanwhile is not mailed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from services.notifications.mail.pauses import PAUSED, SentMail, next_mail, pause_ends
from services.notifications.main import SERVICE
from services.notifications.messages.ledger import About, Message, Origin, new_message
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
from tests.notifications.factories import announced_for_tomorrow, contact

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


def waiting(meeting: str, seconds: int, reason: str | None = PAUSED) -> Message:
    """A message of b to a, due so long after now."""
    origin = Origin(meeting, "c", NOW, About("fair", meeting, (), "b", 2))
    message = new_message(Notice("outcome", "a", MessageFacts("Org a")), origin, NOW, 86_400)
    return replace(message, mail=replace(message.mail, due=NOW + timedelta(seconds=seconds), reason=reason))


@pytest.mark.parametrize(
    ("messages", "sent", "going", "held"),
    [
        ([waiting("m1", 0), waiting("m2", 0), waiting("m3", 300)], [], "m1 m2 m3", ""),
        ([waiting("m1", 300), waiting("m2", 0, None), waiting("m3", 0, None)], [], "m1 m2", ""),
        ([waiting("m1", 0, None), waiting("m2", 0, None)], ["m1"], "m2", "m1"),
        ([waiting("m1", 0), waiting("m2", 0, None)], ["m1"], "m1 m2", ""),
        ([waiting("m1", 0), waiting("m2", 300)], ["m1", "m3", "m4"], "", "m1"),
        ([waiting("m1", 0, "busy"), waiting("m2", 0, "busy")], [], "m1 m2", ""),
        ([waiting("m1", 300)], [], "", ""),
    ],
)
def test_what_may_go_takes_along_what_has_waited(messages: list[Message], sent: list[str], going: str, held: str) -> None:
    recent = [SentMail("outcome", meeting, NOW - AGO[5]) for meeting in sent]
    mail, until = next_mail(messages, recent, NOW, PAUSE)
    by_id = {message.id: message.about.meeting for message in messages}
    assert ([message.about.meeting for message in mail], [by_id[id] for id in until]) == (going.split(), held.split())


async def mails_of(
    settings: Settings, post: Post, events: list[DomainEvent], meetings: int = 1, language: str = "it"
) -> list[EmailMessage]:
    """The mails that b gets, in a moment and after the pause, of what happens to its meetings with a."""
    async with serving(SERVICE, settings) as (runtime, _):
        for id in "ab":
            await member(settings, id, with_contact=False)
            await feed(settings, topics.CONTACTS, id, 1, contact(id, language))
        await feed(settings, topics.BROKERAGE, "e", 1, announced_for_tomorrow())
        for number in range(1, meetings + 1):
            for sequence, event in enumerate(events, 1):
                await feed(settings, topics.MEETINGS, f"m{number}", sequence, event)
        await eventually(counted(runtime.mongo, messages=len(events) * meetings, queued=0))
    return post.to("b@post.example")


async def test_thirty_requests_taken_back_are_few_mails_and_the_last_says_what_holds(mailing: Settings, post: Post) -> None:
    requested = MeetingRequested(event_id="e", mode="b2b", by="a", towards="b")
    cancelled = MeetingCancelled(event_id="e", by="a", reason="in viaggio")
    mails = await mails_of(mailing.model_copy(update={"mail_pause": 3}), post, [requested, cancelled] * 15)
    assert len(mails) <= 4
    assert "annullato" in mails[-1].get_content()


async def test_five_outcomes_in_a_row_are_two_mails(mailing: Settings, post: Post) -> None:
    kinds = ("nda", "licence", "agreement", "follow-up", "joint-project")
    outcomes = [OutcomeRecorded(event_id="e", by="a", outcome=kind) for kind in kinds]
    requested = MeetingRequested(event_id="e", mode="b2b", by="a", towards="b")
    mails = await mails_of(mailing.model_copy(update={"mail_pause": 3}), post, [requested, *outcomes])
    assert len(mails) <= 3
    assert "un progetto comune" in mails[-1].get_content()


@pytest.mark.parametrize(
    ("language", "subject", "heading"),
    [
        ("it", "4 novità da Org a", "4. Org a vi chiede un incontro"),
        ("en", "4 updates from Org a", "4. Org a asks you for a meeting"),
    ],
)
async def test_what_has_waited_and_holds_is_one_mail(
    mailing: Settings, post: Post, language: str, subject: str, heading: str
) -> None:
    requested = MeetingRequested(event_id="e", mode="b2b", by="a", towards="b")
    settings = mailing.model_copy(update={"mail_pause": 3})
    *at_once, digest = await mails_of(settings, post, [requested], meetings=7, language=language)
    assert (len(at_once), digest["Subject"]) == (3, subject)
    text = digest.get_content()
    assert heading in text
    assert text.count("Org b") == text.count("\n2. ") == 1, "one greeting"
    assert len({mail["Message-ID"] for mail in [*at_once, digest]}) == 4
