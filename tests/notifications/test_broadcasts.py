"""What all members of some districts are told: each of them once, page by page, whoever stops in the middle."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications import broadcasts
from services.notifications.broadcasts import Broadcaster
from services.notifications.main import SERVICE
from services.notifications.message_queue import BROADCASTS, MESSAGES, to_do
from services.notifications.projections import MEMBERS
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import none_of
from shared.contracts import topics
from shared.contracts.envelope import Envelope
from shared.contracts.events import RegistrationOpened
from shared.contracts.registry import MemberApproved, MemberWithdrawn
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving
from tests.notifications.factories import ANNOUNCED, applied

QUIET = replace(SERVICE, workers=none_of)
THERE = [f"m{number}" for number in range(5)]


async def members(settings: Settings, runtime: Runtime) -> None:
    """Five approved members of the marble district, one that has only applied, one of another district."""
    for id in (*THERE, "applicant", "tailor"):
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

    async def known() -> bool:
        # Whoever is welcomed when something is announced already is told of it with that.
        approved = await runtime.mongo[MEMBERS.collection].count_documents({"status": "approved"})
        return approved == await runtime.mongo[MESSAGES].count_documents({"template": "welcome"}) == 6

    await eventually(known)


async def told(runtime: Runtime) -> Counter[tuple[str, str]]:
    found = runtime.mongo[MESSAGES].find({"template": {"$ne": "welcome"}})
    return Counter([(message["template"], message["recipient"]) async for message in found])


async def test_every_member_of_the_districts_is_told_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "PAGE", 2)
    async with serving(QUIET, settings) as (runtime, _):
        await members(settings, runtime)
        await feed(settings, topics.BROKERAGE, "long-ago", 1, ANNOUNCED, time=datetime.now(UTC) - timedelta(days=9))
        await feed(settings, topics.BROKERAGE, "fair", 1, ANNOUNCED)
        await feed(settings, topics.BROKERAGE, "fair", 2, RegistrationOpened())

        async def entered() -> bool:
            return await runtime.mongo[BROADCASTS].count_documents({}) == 2

        await eventually(entered)
        assert await runtime.mongo[BROADCASTS].count_documents(to_do(datetime.now(UTC))[BROADCASTS]) == 2

        # One stops after a page; two others take the next one at the same moment.
        assert await Broadcaster(runtime).round()
        assert len(await told(runtime)) == 2
        one, other = Broadcaster(runtime), Broadcaster(runtime)
        while any(await asyncio.gather(one.round(), other.round())):
            pass
        assert await told(runtime) == Counter((what, id) for what in ("event-announced", "registration-open") for id in THERE)
        assert await runtime.mongo[BROADCASTS].count_documents(to_do(datetime.now(UTC))[BROADCASTS]) == 0


async def test_who_becomes_known_after_the_announcement_is_told_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "PAGE", 2)
    now = datetime.now(UTC)
    announced, day = now - timedelta(hours=23), timedelta(days=1)
    async with serving(QUIET, settings) as (runtime, _):
        for id in ("early", "late", "gone", "newer"):
            await feed(settings, topics.MEMBERS, id, 1, applied(f"Org {id}"))
        await feed(settings, topics.MEMBERS, "early", 2, MemberApproved(), time=announced - day)
        # Approved when all were told already: in the same hour, but afterwards.
        await feed(settings, topics.MEMBERS, "newer", 2, MemberApproved(), time=announced + timedelta(minutes=1))

        async def known() -> bool:
            return await runtime.mongo[MEMBERS.collection].count_documents({"status": "approved"}) == 2

        await eventually(known)
        await feed(settings, topics.BROKERAGE, "fair", 1, ANNOUNCED, time=announced)

        async def entered() -> bool:
            return await runtime.mongo[BROADCASTS].count_documents({}) == 1

        await eventually(entered)
        while await Broadcaster(runtime).round():
            pass
        assert await told(runtime) == Counter([("event-announced", "early")])

        await feed(settings, topics.MEMBERS, "gone", 2, MemberApproved(), time=announced - day)
        await feed(settings, topics.MEMBERS, "gone", 3, MemberWithdrawn(reason="Chiude."))
        await feed(settings, topics.MEMBERS, "late", 2, MemberApproved(), time=announced - day)

        async def both() -> bool:
            return ("event-announced", "late") in await told(runtime)

        await eventually(both)
        # What an approval entered meets the pages of one that was stopped in the middle.
        await runtime.mongo[BROADCASTS].update_one({}, {"$set": {"after": "", "done": False, "entered": now}})
        while await Broadcaster(runtime).round():
            pass
        there = await told(runtime)
        assert there - Counter([("event-announced", "gone")]) == Counter(("event-announced", id) for id in ("early", "late"))
        status = {found["mail"]["status"] async for found in runtime.mongo[MESSAGES].find({"template": "event-announced"})}
        assert status == {"queued"}


def test_a_broadcast_that_was_heard_in_time_is_mailed_to_all_however_long_its_pages_take() -> None:
    heard, day = datetime.now(UTC), 86_400.0
    cause = Envelope("e1", "t", "s", "s", heard - timedelta(hours=23), 1, "c", b"{}")
    found = broadcasts.broadcast("event-announced", ["marble"], {}, cause, heard)
    page = broadcasts.message(found, {"_id": "m1", "name": "A"}, found["entered"], day)
    assert page["mail"]["status"] == "queued"
    assert not broadcasts.is_late(found, heard + timedelta(hours=23), day)
    assert broadcasts.is_late(found, heard + timedelta(hours=25), day)
