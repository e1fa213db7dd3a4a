"""Two members of a group hold the same stream for a moment: events the slower one holds must be applied, not left behind."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import pytest

from services.events.projections import MEMBERS
from services.registry.member import rules
from services.registry.member.aggregate import MEMBER
from shared.chassis.config import Settings
from shared.chassis.inbox.handler import Handler
from shared.chassis.inbox.message import Received
from shared.chassis.projections import handler as projecting
from shared.chassis.projections.handler import ProjectionHandler
from shared.chassis.reactions import handler as reacting
from shared.contracts.registry import MemberProfileRevised, Profile
from tests.chassis.sample_service import GREETER, GREETING
from tests.events.factories import member
from tests.system.properties.in_memory_delivery import Ground, deliver, ground
from tests.system.properties.in_memory_fold import METRICS
from tests.system.properties.in_memory_world import MORNING, PublishedEvent, received
from tests.system.properties.test_reactions import ServiceConsumers

HISTORY = [*rules.admit(None, member("m1"), {}, {}), MemberProfileRevised(profile=Profile(summary="new"))]
FIRST, SECOND, THIRD = (
    received(PublishedEvent(MEMBER, "m1", sequence, event), sequence) for sequence, event in enumerate(HISTORY, 1)
)
STREAM = FIRST.stream
AT = pytest.mark.parametrize("at", ["positions_of", "held_events_of"])


def overtake(monkeypatch: pytest.MonkeyPatch, module: Any, at: str, quick: Handler, events: Sequence[Received]) -> None:
    """Once the next consumer has read its positions, or what waits behind them, `quick` is given events."""
    read = getattr(module, at)
    overtaking = [True]

    async def read_then_wait(*arguments: Any) -> Any:
        records = await read(*arguments)
        if overtaking:
            overtaking.clear()
            await deliver(quick, [events])
        return records

    monkeypatch.setattr(module, at, read_then_wait)


async def projections(settings: Settings) -> tuple[Ground, Handler, Handler]:
    stage = await ground(settings)
    slow, quick = (ProjectionHandler(stage.mongo, MEMBERS, lambda: MORNING, METRICS) for _ in range(2))
    return stage, slow, quick


async def reactions(settings: Settings) -> tuple[Ground, Handler, Handler]:
    stage = await ground(settings, GREETER.name, GREETING.collection)
    consumers = ServiceConsumers(GREETER, settings, stage)
    return stage, consumers.handlers()[-1], consumers.handlers()[-1]


HANDLER_KINDS = pytest.mark.parametrize(("module", "two"), [(projecting, projections), (reacting, reactions)])
Two: TypeAlias = Callable[[Settings], Awaitable[tuple[Ground, Handler, Handler]]]


@AT
@HANDLER_KINDS
async def test_an_event_held_by_the_slower_is_applied(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, module: Any, two: Two, at: str
) -> None:
    stage, slow, quick = await two(settings)
    overtake(monkeypatch, module, at, quick, [FIRST, SECOND])
    async with asyncio.timeout(60):
        await deliver(slow, [[SECOND]])
    assert await stage.positions(slow.name) == {STREAM: 2}
    assert await stage.waiting(slow.name) == []


@pytest.mark.parametrize("before", [[], [FIRST], [FIRST, THIRD]])
@AT
@HANDLER_KINDS
async def test_an_event_held_by_the_quicker_is_applied_by_the_slower(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, module: Any, two: Two, at: str, before: Sequence[Received]
) -> None:
    stage, slow, quick = await two(settings)
    await deliver(quick, [before])
    overtake(monkeypatch, module, at, quick, [THIRD])
    async with asyncio.timeout(60):
        await deliver(slow, [[FIRST, SECOND]])
    assert await stage.positions(slow.name) == {STREAM: 3}
    assert await stage.waiting(slow.name) == []
