"""A topic that vanishes, and comes again under its name: nobody goes on as if nothing had happened."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2
import pytest

from shared.chassis.config import Settings
from shared.chassis.consumers import topic_watch
from shared.chassis.inbox.topic_ids import accept_id
from shared.chassis.kafka import broker
from shared.chassis.kafka.admin import Admin
from shared.chassis.kafka.topics import create_topics
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.events import RegistrationOpened
from shared.contracts.topics import BROKERAGE, MEMBERS
from tests.chassis.consumers.test_consumer import APPLIED, revised, seen
from tests.chassis.sample_service import GREETER
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often than is needed outside of tests."""
    monkeypatch.setattr(broker, "METADATA_SECONDS", 0.5)
    monkeypatch.setattr(topic_watch, "INTERVAL", 0.2)


@asynccontextmanager
async def administration(settings: Settings) -> AsyncIterator[Admin]:
    admin = Admin(bootstrap_servers=settings.kafka_bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def delete(settings: Settings) -> None:
    """Delete the topic of members, and return when the broker has it no more."""
    name = settings.named(MEMBERS.name)
    async with administration(settings) as admin:
        await admin.delete_topics([name])

        async def deleted() -> bool:
            return not await admin.topic_ids([name])

        await eventually(deleted)


async def missing(http: httpx2.AsyncClient, **expected: str | None) -> dict[str, str]:
    """Wait until readiness says these words of these parts, and nothing of those with None."""

    async def probe() -> Any:
        parts = (await http.get("/health/ready")).json()["missing"]
        named = {name.replace("_", "."): words for name, words in expected.items()}
        fits = all((words in parts.get(name, "")) if words else (name not in parts) for name, words in named.items())
        return (parts or {"nothing": ""}) if fits else None

    return await eventually(probe)


async def accept(runtime: Runtime, settings: Settings, positions: Any) -> tuple[int, int]:
    async with administration(settings) as admin:
        [id] = (await admin.topic_ids([settings.named(MEMBERS.name)])).values()
    return await accept_id(runtime.mongo, MEMBERS.name, id, positions, "somebody", "a test", runtime.clock())


async def test_a_topic_made_again_is_named_and_not_consumed_until_it_is_accepted(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, http):
        await feed(settings, MEMBERS, "m", 1, APPLIED)
        await feed(settings, MEMBERS, "m", 2, revised("before"))
        await seen(runtime, "m", 2)
        await missing(http, hearing_members=None, registry_members=None)

        await delete(settings)
        await missing(http, registry_members="does not exist", hearing_members="no partitions of", hearing_greet="no partitions of")
        consumer = next(member for member in runtime.consumers if member.name == "hearing.members")
        assert await consumer.lag() is None

        # Another history under the same ids: what positions of the first would take for duplicates.
        await create_topics(settings.kafka_bootstrap, settings.namespace)
        await missing(http, registry_members="deleted and created again", hearing_members=None)
        await feed(settings, MEMBERS, "m", 1, APPLIED)
        await feed(settings, MEMBERS, "m", 2, revised("after"))
        await feed(settings, MEMBERS, "m", 3, revised("third"))
        await feed(settings, BROKERAGE, "fair", 1, RegistrationOpened())
        await eventually(lambda: runtime.mongo["brokerage"].find_one({"_id": "fair"}))
        assert (await seen(runtime, "m", 2))["summaries"] == ["before"]
        assert await consumer.lag() is None

        assert await accept(runtime, settings, "forget") == (2, 0)
        # The row stays as it was; what is folded into it again is what a rebuild is for.
        assert (await seen(runtime, "m", 5))["summaries"] == ["before", "after", "third"]
        await missing(http, registry_members=None, hearing_members=None)


async def test_a_service_that_was_down_meanwhile_finds_it_at_its_start_and_goes_on_from_its_positions(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        await feed(settings, MEMBERS, "m", 1, APPLIED)
        await seen(runtime, "m", 1)
    await delete(settings)
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    await feed(settings, MEMBERS, "m", 1, APPLIED)
    await feed(settings, MEMBERS, "m", 2, revised("next"))
    async with serving(GREETER, settings) as (runtime, http):
        await missing(http, registry_members="deleted and created again", hearing_members=None)
        await seen(runtime, "m", 1)
        assert await accept(runtime, settings, "keep") == (0, 0)
        assert (await seen(runtime, "m", 2))["summaries"] == ["next"]


async def test_a_replica_more_than_there_are_partitions_is_ready_without_any(settings: Settings) -> None:
    async with serving(GREETER, settings) as (_, http), AsyncExitStack() as replicas:
        for _number in range(BROKERAGE.partitions):
            _, replica = await replicas.enter_async_context(serving(GREETER, settings))
            await missing(replica, hearing_brokerage=None)
        await missing(http, hearing_brokerage=None)
