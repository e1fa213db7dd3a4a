"""Reading history again has no effect: no message, no mail, no command, no event, no mark for the ranking."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from benchmarks.stopwatch import counted
from distretti.devstack.token_issuer import Issuer
from distretti.ops.services import declarations
from services.matching.main import SERVICE as MATCHING
from services.notifications.main import SERVICE as NOTIFICATIONS
from services.notifications.statistics_api import count
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.audit.topic_log import topic_log
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import none_of
from shared.contracts import topics
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved
from shared.contracts.topics import Topic
from tests.chassis.rebuild.fixtures import content, differing, rebuilt
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving
from tests.lib.smtp_server import Post, post_office
from tests.matching.test_api import SENSORS, admitted
from tests.notifications.factories import applied, contact
from tests.registry.factories import DISTRICT
from tools.chaos.kafka_records import rewind

System = dict[str, tuple[Runtime, httpx2.AsyncClient]]
UNRANKED = replace(MATCHING, workers=none_of)
"""Without its ranker the marks stay where the ranker would take them up."""
SERVICES = (REGISTRY, UNRANKED, NOTIFICATIONS)
EFFECTS = {
    "registry": ("members", "outbox"),
    "matching": ("introductions", "outbox"),
    "notifications": ("messages", "deliveries", "outbox"),
}


@asynccontextmanager
async def system(settings: Settings) -> AsyncIterator[System]:
    """Registry, matching and notifications in this process."""
    async with AsyncExitStack() as stack:
        yield {service.name: await stack.enter_async_context(serving(service, settings)) for service in SERVICES}


async def live_through(running: System, issuer: Issuer, post: Post) -> None:
    """Two members with contacts are introduced and notified; returns when the system is idle."""
    operator = bearer(issuer, "operator")
    registry, matching, mongo = running["registry"][1], running["matching"][1], running["notifications"][0].mongo
    await registry.post("/v1/districts", json=DISTRICT, headers=operator)
    giver = await admitted(registry, operator, 1, offers=[SENSORS])
    seeker = await admitted(registry, operator, 2, needs=[SENSORS])
    for id in (giver, seeker):
        contact = {"name": "R", "email": f"{id}@post.example", "language": "it"}
        (await registry.put(f"/v1/members/{id}/contact", json=contact, headers=operator)).raise_for_status()

    async def interested(by: str, towards: str) -> bool:
        body = {"mode": "b2b", "by": by, "towards": towards}
        return (await matching.post("/v1/interests", json=body, headers=bearer(issuer, "member", by))).is_success

    await eventually(lambda: interested(giver, seeker))
    await eventually(lambda: interested(seeker, giver))

    async def at_rest() -> bool:
        counts = await count(mongo)
        unsent = [await runtime.mongo["outbox"].count_documents({"status": "unsent"}) for runtime, _ in running.values()]
        return counts.messages == counts.sent == len(post.mails) == 4 and sum(unsent) == 0

    await eventually(at_rest, 40)
    marked = await running["matching"][0].mongo["dirty"].delete_many({})
    assert marked.deleted_count == 3  # two members and what they said of each other


async def effects(running: System, post: Post) -> dict[str, Any]:
    """Read all that a service has done: its states, its ledger, its events, its mails."""
    done = {
        f"{name}.{collection}": await content(running[name][0].mongo, collection)
        for name, collections in EFFECTS.items()
        for collection in collections
    }
    assert all(done.values())
    return done | {"mails": len(post.mails), "marks": await content(running["matching"][0].mongo, "dirty")}


def groups_of(running: System) -> list[tuple[str, Sequence[Topic]]]:
    """Name every consumer group of the system with its topics."""
    return [
        (handler.name, handler.topics)
        for runtime, _ in running.values()
        for handler in (*runtime.service.projections, *runtime.service.reactions(runtime))
    ]


async def test_a_rebuild_and_a_rewind_of_everything_have_no_effect(settings: Settings, issuer: Issuer) -> None:
    async with post_office() as post:
        with_mail = settings.model_copy(update={"smtp_port": post.port})
        async with system(with_mail) as running:
            await live_through(running, issuer, post)
            groups = groups_of(running)
            before = await effects(running, post)
            for service in declarations():
                assert [done.left for done in await rebuilt(service, with_mail)] == [[] for _ in service.projections]
                assert await differing(service, with_mail) == []
            assert await effects(running, post) == before
        for group, subscribed in groups:
            await rewind(with_mail, group, subscribed)
        async with topic_log(with_mail) as log:
            records = {group: await log.count(list(subscribed)) for group, subscribed in groups}
        assert all(records[name] for name in ("matching.members", "notifications.members", "notifications.messages"))
        async with system(with_mail) as running:

            async def heard_again() -> bool:
                handled = sum(counted(runtime.metrics.handled) for runtime, _ in running.values())
                return handled >= sum(records.values())

            await eventually(heard_again, 40)
            assert await effects(running, post) == before


async def test_a_service_started_late_sends_nothing_of_what_is_long_past(settings: Settings) -> None:
    """What is younger than the limit is still owed, and is sent once; older is entered as history."""
    async with post_office() as post:
        with_mail = settings.model_copy(update={"smtp_port": post.port})
        long_past = datetime.now(UTC) - timedelta(seconds=with_mail.historical_after + 60)
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        async with serving(REGISTRY, with_mail):
            pass  # makes the topics
        for id in ("a", "b", "c"):
            await feed(with_mail, topics.MEMBERS, id, 1, applied(f"Org {id}"), time=long_past)
            await feed(with_mail, topics.CONTACTS, id, 1, contact(id), time=long_past)
        for id, moment in (("a", long_past), ("b", long_past), ("c", an_hour_ago)):
            await feed(with_mail, topics.MEMBERS, id, 2, MemberApproved(), time=moment)
        await feed(with_mail, topics.INTRODUCTIONS, "i", 1, IntroductionMade(mode="b2b", members=("a", "b")), time=long_past)
        async with serving(NOTIFICATIONS, with_mail) as (runtime, _), serving(UNRANKED, with_mail) as (matching, _):

            async def settled() -> bool:
                counts = await count(runtime.mongo)
                return (counts.messages, counts.historical, counts.sent, counts.queued) == (5, 4, 1, 0)

            await eventually(settled)
            await eventually(lambda: matching.mongo["members"].count_documents({"status": "approved"}))
            assert [mail["To"].addresses[0].addr_spec for mail in post.mails] == ["c@post.example"]
            assert len(await content(runtime.mongo, "outbox")) == len(await content(runtime.mongo, "deliveries")) == 1
            assert await content(matching.mongo, "outbox") == []
