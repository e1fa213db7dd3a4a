"""A process that slept while another did its work leaves nothing behind in the held events."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import WAITING, Awaited
from shared.chassis.inbox.message import Received, Record, receive
from shared.chassis.inbox.positions import NEVER_SEEN, Position, Superseded, advance
from shared.chassis.kafka.topics import partition_of
from shared.chassis.reactions.handler import ReactionHandler
from shared.chassis.reactions.reaction import NotYet, Reaction, Step
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import Envelope, headers_of
from shared.contracts.registry import MemberApproved, MemberWithdrawn
from shared.contracts.topics import MEMBERS
from tests.chassis.sample_service import GREETER
from tests.lib.services import serving

STREAM = f"{MEMBERS.name}|m1"


def received(sequence: int, event: DomainEvent) -> Received:
    envelope = Envelope(f"e{sequence}", event.TYPE, "/distretti/registry", "m1", datetime.now(UTC), sequence, "c", b"")
    headers = tuple((name, value.encode()) for name, value in headers_of(envelope).items())
    place = partition_of("m1", MEMBERS.partitions)
    return receive(Record(MEMBERS.name, place, sequence, b"m1", headers, event.model_dump_json().encode()))


@pytest.mark.parametrize("before", [None, 1])
async def test_what_another_has_applied_meanwhile_is_not_set_aside(settings: Settings, before: int | None) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        first = (before or 0) + 1

        async def overtaken(_received: Received, _event: DomainEvent) -> Sequence[Step]:
            read = {STREAM: Position(before or 0)}
            await advance(runtime.mongo, "hearing.slow", read, {STREAM: first + 1}, None)
            raise NotYet(Awaited("hearing.members", STREAM, 1))

        reaction = Reaction("hearing.slow", (MEMBERS,), (MemberApproved,), overtaken)
        slow = ReactionHandler(runtime.write, reaction, runtime.clock, runtime.metrics, runtime.tracer)
        if before is not None:
            await advance(runtime.mongo, "hearing.slow", {STREAM: NEVER_SEEN}, {STREAM: before}, None)
        with pytest.raises(Superseded):
            await slow.consume([received(first, MemberApproved()), received(first + 1, MemberWithdrawn(reason="gone"))])
        assert await runtime.mongo[WAITING].count_documents({}) == 0


async def test_an_event_of_a_new_stream_is_held_and_one_without_reaction_is_passed_over(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):

        async def waits(_received: Received, _event: DomainEvent) -> Sequence[Step]:
            raise NotYet(Awaited("hearing.members", STREAM, 9))

        reaction = Reaction("hearing.slow", (MEMBERS,), (MemberApproved,), waits)
        slow = ReactionHandler(runtime.write, reaction, runtime.clock, runtime.metrics, runtime.tracer)
        without_reaction = MemberWithdrawn(reason="not heard")
        await slow.consume([received(1, without_reaction), received(2, MemberApproved()), received(3, without_reaction)])
        held = {entry["sequence"]: entry["kind"] async for entry in runtime.mongo[WAITING].find()}
        assert held == {2: "not_yet", 3: "gap"}
        position = await runtime.mongo["positions"].find_one({"_id": f"hearing.slow|{STREAM}"})
        assert position is not None
        assert position["sequence"] == 1
