"""Steps of an event are done once each, whatever ended in between."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.registry.member.aggregate import MEMBER
from shared.chassis.config import Settings
from shared.chassis.errors import Refusal
from shared.chassis.inbox.positions import NEVER_SEEN, POSITIONS, positions_of
from shared.chassis.mongo import Mongo, ensure_indexes
from shared.chassis.reactions.reaction import Enter, Step
from shared.chassis.reactions.steps import Steps
from shared.chassis.writes.aggregate import Command
from shared.contracts.base import DomainEvent
from shared.contracts.registry import MemberApproved
from tests.chassis.received_event import received
from tests.chassis.write_path_fixture import applied, outbox_of, writing

EVENT = received(1, MemberApproved())
CONSUMER = "hearing.react"


def apply(_state: Any) -> Sequence[DomainEvent]:
    return [applied()]


def fail(_state: Any) -> Sequence[DomainEvent]:
    raise Refusal("not-now")


def entry(id: str, entered: list[str]) -> Enter:
    return Enter("ledger", [{"_id": id}], lambda: entered.append(id))


@asynccontextmanager
async def steps_of(settings: Settings) -> AsyncIterator[tuple[Steps, Mongo]]:
    async with writing(settings) as write:
        await ensure_indexes(write.mongo, {POSITIONS: [], "ledger": [], "waiting": []})
        yield Steps(write, CONSUMER), write.mongo


async def test_what_was_committed_before_a_failure_is_not_done_again(settings: Settings) -> None:
    entered: list[str] = []
    command = Command(MEMBER, "new", apply)
    async with steps_of(settings) as (steps, mongo):
        first: list[Step] = [command, entry("a", entered), Command(MEMBER, "other", fail)]
        with pytest.raises(Refusal):
            await steps.execute(EVENT, first, NEVER_SEEN, has_held=False)
        position = (await positions_of(mongo, CONSUMER, [EVENT.stream]))[EVENT.stream]
        assert position.sequence == 0
        moved = await steps.execute(EVENT, [command, entry("a", entered), entry("b", entered)], position, has_held=False)
        assert moved.sequence == (await positions_of(mongo, CONSUMER, [EVENT.stream]))[EVENT.stream].sequence == 1
        assert [document["sequence"] for document in await outbox_of(mongo, "new")] == [1]
        assert [document["_id"] async for document in mongo["ledger"].find().sort("_id", 1)] == ["a", "b"]
        assert entered == ["a", "b"]


async def test_an_event_without_steps_advances_the_position(settings: Settings) -> None:
    async with steps_of(settings) as (steps, mongo):
        assert (await steps.execute(EVENT, [], NEVER_SEEN, has_held=False)).sequence == 1
        assert (await positions_of(mongo, CONSUMER, [EVENT.stream]))[EVENT.stream].sequence == 1


async def test_an_entry_that_is_there_stays_as_it_is(settings: Settings) -> None:
    async with steps_of(settings) as (steps, mongo):
        await mongo["ledger"].insert_one({"_id": "a", "sent": True})
        assert await steps.preview(Enter("ledger", [{"_id": "a"}, {"_id": "b"}])) == "enters 1 in ledger"
        await steps.execute(EVENT, [Enter("ledger", [{"_id": "a"}, {"_id": "b"}])], NEVER_SEEN, has_held=False)
        assert await mongo["ledger"].find().sort("_id", 1).to_list(None) == [{"_id": "a", "sent": True}, {"_id": "b"}]


async def test_a_preview_says_what_would_happen_and_writes_nothing(settings: Settings) -> None:
    async with steps_of(settings) as (steps, mongo):
        assert await steps.preview(Command(MEMBER, "new", apply)) == "member new: registry.member-applied.v1"
        assert await steps.preview(Command(MEMBER, "new", lambda _: [])) == "member new: nothing"
        assert await outbox_of(mongo, "new") == []
