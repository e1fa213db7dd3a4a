"""Broadcasts: each recipient has its message once, page by page, whichever replica stops in the middle."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.broadcasts import worker
from services.notifications.broadcasts.ledger import BROADCASTS
from services.notifications.broadcasts.worker import Broadcaster
from services.notifications.main import SERVICE, pending_work
from services.notifications.messages.ledger import MESSAGES
from services.notifications.projections import MEMBERS
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import none_of
from shared.contracts import topics
from shared.contracts.events import RegistrationOpened
from shared.contracts.registry import MemberApproved, MemberWithdrawn
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving
from tests.notifications.factories import ANNOUNCED, applied

QUIET = replace(SERVICE, workers=none_of)
RECIPIENTS = [f"m{number}" for number in range(5)]


async def members(settings: Settings, runtime: Runtime) -> None:
    """Five approved members of the marble district, one that has only applied, one of another district."""
    for id in (*RECIPIENTS, "applicant", "tailor"):
        application = applied(f"Org {id}")
        await feed(
            settings,
            topics.MEMBERS,
            id,
            1,
            application.model_copy(update={"districts": ("fashion",)}) if id == "tailor" else application,
        )
        if id != "applicant":
            await feed(settings, topics.MEMBERS, id, 2, MemberApproved(), time=datetime.now(UTC) - timedelta(days=9))

    async def folded() -> bool:
        # Whoever is welcomed when something is announced already is told of it with that.
        approved = await runtime.mongo[MEMBERS.collection].count_documents({"status": "approved"})
        return approved == await runtime.mongo[MESSAGES].count_documents({"template": "welcome"}) == 6

    await eventually(folded)


async def broadcast_messages(runtime: Runtime) -> Counter[tuple[str, str]]:
    documents = runtime.mongo[MESSAGES].find({"template": {"$ne": "welcome"}})
    return Counter([(document["template"], document["recipient"]) async for document in documents])


async def test_every_member_of_the_districts_is_told_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAGE", 2)
    async with serving(QUIET, settings) as (runtime, _):
        await members(settings, runtime)
        await feed(settings, topics.BROKERAGE, "long-ago", 1, ANNOUNCED, time=datetime.now(UTC) - timedelta(days=9))
        await feed(settings, topics.BROKERAGE, "fair", 1, ANNOUNCED)
        await feed(settings, topics.BROKERAGE, "fair", 2, RegistrationOpened())

        async def entered() -> bool:
            return await runtime.mongo[BROADCASTS].count_documents({}) == 2

        await eventually(entered)
        assert await runtime.mongo[BROADCASTS].count_documents(pending_work(datetime.now(UTC))[BROADCASTS]) == 2

        # One stops after a page; two others take the next one at the same moment.
        assert await Broadcaster(runtime).round()
        assert len(await broadcast_messages(runtime)) == 2
        first, second = Broadcaster(runtime), Broadcaster(runtime)
        while any(await asyncio.gather(first.round(), second.round())):
            pass
        assert await broadcast_messages(runtime) == Counter(
            (template, id) for template in ("event-announced", "registration-open") for id in RECIPIENTS
        )
        assert await runtime.mongo[BROADCASTS].count_documents(pending_work(datetime.now(UTC))[BROADCASTS]) == 0


async def test_who_becomes_known_after_the_announcement_is_told_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAGE", 2)
    now = datetime.now(UTC)
    announced, day = now - timedelta(hours=23), timedelta(days=1)
    async with serving(QUIET, settings) as (runtime, _):
        for id in ("early", "late", "gone", "newer"):
            await feed(settings, topics.MEMBERS, id, 1, applied(f"Org {id}"))
        await feed(settings, topics.MEMBERS, "early", 2, MemberApproved(), time=announced - day)
        # Approved when all were told already: in the same hour, but afterwards.
        await feed(settings, topics.MEMBERS, "newer", 2, MemberApproved(), time=announced + timedelta(minutes=1))

        async def folded() -> bool:
            return await runtime.mongo[MEMBERS.collection].count_documents({"status": "approved"}) == 2

        await eventually(folded)
        await feed(settings, topics.BROKERAGE, "fair", 1, ANNOUNCED, time=announced)

        async def entered() -> bool:
            return await runtime.mongo[BROADCASTS].count_documents({}) == 1

        await eventually(entered)
        while await Broadcaster(runtime).round():
            pass
        assert await broadcast_messages(runtime) == Counter([("event-announced", "early")])

        await feed(settings, topics.MEMBERS, "gone", 2, MemberApproved(), time=announced - day)
        await feed(settings, topics.MEMBERS, "gone", 3, MemberWithdrawn(reason="Chiude."))
        await feed(settings, topics.MEMBERS, "late", 2, MemberApproved(), time=announced - day)

        async def entered_for_late() -> bool:
            return ("event-announced", "late") in await broadcast_messages(runtime)

        await eventually(entered_for_late)
        # What an approval entered meets the pages of one that was stopped in the middle.
        await runtime.mongo[BROADCASTS].update_one({}, {"$set": {"after": "", "done": False, "entered": now}})
        while await Broadcaster(runtime).round():
            pass
        messages = await broadcast_messages(runtime)
        assert messages - Counter([("event-announced", "gone")]) == Counter(("event-announced", id) for id in ("early", "late"))
        status = {document["mail"]["status"] async for document in runtime.mongo[MESSAGES].find({"template": "event-announced"})}
        assert status == {"queued"}
