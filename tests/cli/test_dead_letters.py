"""`distretti dead-letters` on a running service's stores: list, show, retry, drop, and the acts."""

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import Result
from typer.testing import CliRunner

from distretti.cli.main import app
from distretti.devstack.state_file import Running, locked, write
from services.notifications.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.mongo import Document
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.registry import ContactRecorded, MemberApproved, MemberWithdrawn
from shared.contracts.topics import CONTACTS, MEMBERS
from tests.chassis.consumers.test_consumer import APPLIED
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A data directory on which, for the commands, the system of this test runs."""
    running = Running(
        pid=0,
        started=datetime.now(UTC),
        namespace=settings.namespace,
        mongo_url=settings.mongo_url,
        kafka_bootstrap=settings.kafka_bootstrap,
        gateway_url="",
        smtp_host="",
        smtp_port=0,
        mail_url="",
        services={},
        processes={},
    )
    with locked(tmp_path):
        write(tmp_path, running)
        yield tmp_path


@pytest.fixture(autouse=True)
def _logs_aside() -> Iterator[None]:
    """The service of a test shares the process with the command: its logs must not mix with what the command prints."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))
    yield
    structlog.reset_defaults()


async def call(data_dir: Path, *words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["dead-letters", *words, "--data-dir", str(data_dir)])


async def listed(data_dir: Path, *words: str) -> list[Any]:
    result = await call(data_dir, "list", "--json", *words)
    assert result.exit_code == 0, result.output
    listed: list[Any] = json.loads(result.stdout)
    return listed


async def wait_for_entries(runtime: Runtime, count: int) -> None:
    async def probe() -> bool:
        return await runtime.mongo[WAITING].count_documents({}) == count

    await eventually(probe)


async def test_a_dead_letter_is_shown_retried_and_dropped(settings: Settings, data_dir: Path) -> None:
    async with serving(SERVICE, settings) as (runtime, _):
        # An approval without an application: the projection cannot fold it; two more wait behind.
        await feed(settings, MEMBERS, "m1", 1, MemberApproved())
        await feed(settings, MEMBERS, "m1", 2, APPLIED)
        await feed(settings, MEMBERS, "m1", 3, MemberApproved())

        async def held() -> bool:
            return await runtime.mongo[WAITING].count_documents({"consumer": "notifications.members"}) == 3

        await eventually(held)
        (entry,) = await listed(data_dir, "--consumer", "notifications.members")
        assert (entry["sequence"], entry["behind"], entry["service"]) == (1, 2, "notifications")
        assert len(await listed(data_dir, "notifications", "--all", "--consumer", "notifications.members")) == 3
        assert await listed(data_dir, "matching") == []
        table = await call(data_dir, "list")
        assert entry["id"] in table.stdout

        whole = json.loads((await call(data_dir, "show", entry["id"], "--json")).stdout)
        assert (whole["value"], [event["sequence"] for event in whole["waiting"]]) == ({}, [2, 3])

        dry = await call(data_dir, "retry", entry["id"], "--dry-run")
        assert (dry.exit_code, "would be parked" in dry.stdout) == (1, True), dry.output
        without_reason = await call(data_dir, "retry", entry["id"])
        assert without_reason.exit_code == 2
        tried = await call(data_dir, "retry", entry["id"], "--why", "perhaps")
        assert (tried.exit_code, "a member begins with its application" in tried.stdout) == (1, True), tried.output

        dropped = await call(data_dir, "drop", entry["id"][:6], "--why", "it came too early", "--who", "anna")
        assert (dropped.exit_code, f"{entry['id']} dropped: the stream is at 3" in dropped.stdout) == (0, True), dropped.output
        member: Document | None = await runtime.mongo["known_members"].find_one({"_id": "m1"})
        assert member is not None
        assert member["status"] == "approved"
        done = json.loads((await call(data_dir, "acts", "--json")).stdout)
        assert [(act["act"], act["outcome"]) for act in done] == [("drop", "dropped"), ("retry", "parked")]
        assert (done[0]["who"], done[0]["why"]) == ("anna", "it came too early")
        assert "anna" in (await call(data_dir, "acts")).stdout
        missing = await call(data_dir, "drop", entry["id"], "--why", "again")
        assert (missing.exit_code, "distretti dead-letters list" in missing.output) == (1, True)


async def test_a_mended_cause_and_a_retry_go_on(settings: Settings, data_dir: Path) -> None:
    async with serving(SERVICE, settings) as (runtime, _):
        await feed(settings, MEMBERS, "m1", 1, MemberApproved())
        await feed(settings, MEMBERS, "m1", 2, MemberWithdrawn(reason="closed"))

        async def held() -> bool:
            return await runtime.mongo[WAITING].count_documents({"consumer": "notifications.members"}) == 2

        await eventually(held)
        (entry,) = await listed(data_dir, "--consumer", "notifications.members")
        await runtime.mongo["known_members"].insert_one(
            {"_id": "m1", "name": "Esempio", "districts": ["marble"], "status": "applied", "approved": None}
        )
        dry = await call(data_dir, "retry", entry["id"], "--dry-run")
        assert (dry.exit_code, "applies 1, 2 to m1" in dry.stdout) == (0, True), dry.output
        done = await call(data_dir, "retry", entry["id"], "--why", "the application was put back")
        assert (done.exit_code, "the stream is at 2" in done.stdout) == (0, True), done.output
        member: Document | None = await runtime.mongo["known_members"].find_one({"_id": "m1"})
        assert member is not None
        assert member["status"] == "withdrawn"


async def test_data_of_people_is_shown_only_when_asked_and_the_look_is_kept(settings: Settings, data_dir: Path) -> None:
    async with serving(SERVICE, settings) as (runtime, _):
        contact = ContactRecorded.model_construct(name="Rosa", email="rosa.bianchi-no-mail", language="it")
        await feed(settings, CONTACTS, "m1", 1, contact)
        await wait_for_entries(runtime, 1)
        (entry,) = await listed(data_dir)
        assert "rosa" not in json.dumps(entry).lower()
        hidden = await call(data_dir, "show", entry["id"])
        assert (hidden.exit_code, "rosa" in hidden.stdout.lower()) == (0, False), hidden.output
        assert (await call(data_dir, "show", entry["id"], "--personal")).exit_code == 2
        seen = await call(data_dir, "show", entry["id"], "--personal", "--why", "she asked us", "--who", "anna")
        assert "rosa.bianchi" in seen.stdout
        (act,) = json.loads((await call(data_dir, "acts", "--json")).stdout)
        assert (act["act"], act["who"], act["why"]) == ("look", "anna", "she asked us")


async def test_what_no_service_does_in_time_stays_asked(settings: Settings, data_dir: Path) -> None:
    async with serving(SERVICE, settings) as (runtime, _):
        await feed(settings, MEMBERS, "m1", 1, MemberApproved())
        (entry,) = await eventually(lambda: listed(data_dir, "--consumer", "notifications.members"))
        assert runtime.consumers
    late = await call(data_dir, "retry", entry["id"], "--why", "tonight", "--wait", "0")
    assert (late.exit_code, "pending" in late.stdout) == (1, True), late.output
    repeated = await call(data_dir, "drop", entry["id"], "--why", "at once")
    assert (repeated.exit_code, "has a pending action" in repeated.output) == (1, True)
