"""What is known of a message when its mail could go at last, read by the service whole."""

from datetime import UTC, datetime, timedelta

from distretti.devstack.token_issuer import Issuer
from services.notifications.main import SERVICE
from shared.chassis.config import Settings
from shared.contracts import topics
from shared.contracts.events import (
    BrokerageEventClosed,
    MeetingAccepted,
    MeetingRequested,
    ParticipantRegistered,
    RegistrationOpened,
    Slot,
)
from shared.contracts.registry import MemberApproved
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving
from tests.lib.smtp_server import Post
from tests.notifications.conftest import counted, inbox, member
from tests.notifications.factories import ANNOUNCED, contact


async def test_to_a_contact_that_comes_late_nothing_is_mailed_that_is_over(mailing: Settings, issuer: Issuer, post: Post) -> None:
    now = datetime.now(UTC)
    length = timedelta(minutes=20)
    later = tuple(
        Slot(number=n, starts=now + timedelta(days=1) + n * length, ends=now + timedelta(days=1) + (n + 1) * length) for n in (1, 2)
    )
    announced = ANNOUNCED.model_copy(update={"slots": later})
    requested, accepted = (
        MeetingRequested(event_id="e", mode="b2b", by="b", towards="a"),
        MeetingAccepted(event_id="e", by="a", towards="b"),
    )
    async with serving(SERVICE, mailing) as (runtime, http):
        for id in "ab":
            await member(mailing, id, with_contact=False)
            await feed(mailing, topics.MEMBERS, id, 2, MemberApproved())
        await eventually(counted(runtime.mongo, messages=2))
        await feed(mailing, topics.BROKERAGE, "e", 1, announced)
        await feed(mailing, topics.BROKERAGE, "e", 2, RegistrationOpened())
        for id in "ab":
            await feed(mailing, topics.REGISTRATIONS, f"r-{id}", 1, ParticipantRegistered(event_id="e", member_id=id))
        await feed(mailing, topics.MEETINGS, "m1", 1, requested)
        await feed(mailing, topics.MEETINGS, "m1", 2, accepted)
        await eventually(counted(runtime.mongo, messages=10, waiting_for_contact=10, queued=0))

        # While registration is open, a is told what is so: it has answered the request itself.
        await feed(mailing, topics.CONTACTS, "a", 1, contact("a", "en"))
        await eventually(counted(runtime.mongo, sent=3, historical=2, queued=0))
        subjects = [mail["Subject"].partition(":")[0] for mail in post.to("a@post.example")]
        assert sorted(subjects) == ["Registration confirmed", "Registration is open", "Welcome to Tuscany's technology districts"]

        await feed(mailing, topics.BROKERAGE, "e", 3, BrokerageEventClosed(without_place=("m1",), registered=("a", "b")))
        await eventually(counted(runtime.mongo, messages=12, queued=0))
        await feed(mailing, topics.CONTACTS, "b", 1, contact("b", "en"))
        await eventually(counted(runtime.mongo, sent=6, historical=6, waiting_for_contact=0, queued=0))
        subjects = [mail["Subject"].partition(":")[0] for mail in post.to("b@post.example")]
        assert sorted(subjects) == ["Cancelled", "Welcome to Tuscany's technology districts"]
        items = (await inbox(http, issuer, "b")).json()["items"]
        history = {item["template"] for item in items if item["mail"] == "historical"}
        assert history == {"event-announced", "registration-open", "registration", "meeting-accepted"}
