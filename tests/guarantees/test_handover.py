"""Two members of a group hold the same lane for a moment: what the slower one lays aside must not outlive its turn."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from services.events.projections import MEMBERS
from services.registry import domain
from services.registry.store import MEMBER
from shared.chassis import projecting, reacting
from shared.chassis.handler import Handler
from shared.chassis.projecting import ProjectionConsumer
from shared.chassis.settings import Settings
from tests.chassis.hearing import GREETING, HEARING
from tests.events.making import member
from tests.guarantees.delivery import deliver, ground
from tests.guarantees.folding import METRICS
from tests.guarantees.test_reactions import Hearing
from tests.guarantees.world import MORNING, Told, received

EVENTS = [
    received(Told(MEMBER, "m1", sequence, event), sequence)
    for sequence, event in enumerate(domain.admit(None, member("m1"), {}, {}), 1)
]


async def overtaken(monkeypatch: pytest.MonkeyPatch, module: Any, slow: Handler, quick: Handler) -> None:
    """`slow` gets the second event alone; once it has read its position, `quick` applies both."""
    read_positions = module.positions_of
    overtaking = [True]

    async def read_then_wait(*arguments: Any) -> Mapping[str, int]:
        found: Mapping[str, int] = await read_positions(*arguments)
        if overtaking:
            overtaking.clear()
            await deliver(quick, [EVENTS])
        return found

    monkeypatch.setattr(module, "positions_of", read_then_wait)
    await deliver(slow, [EVENTS[1:]])


async def test_a_projection_that_was_overtaken_leaves_nothing_waiting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = await ground(settings)
    slow, quick = (ProjectionConsumer(stage.mongo, MEMBERS, lambda: MORNING, METRICS) for _ in range(2))
    await overtaken(monkeypatch, projecting, slow, quick)
    assert await stage.positions(MEMBERS.name) == {EVENTS[0].lane: 2}
    assert await stage.waiting(MEMBERS.name) == []


async def test_a_reaction_that_was_overtaken_leaves_nothing_waiting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = await ground(settings, HEARING.name, GREETING.collection)
    hearing = Hearing(HEARING, settings, stage)
    slow, quick = hearing.handlers()[-1], hearing.handlers()[-1]
    await asyncio.wait_for(overtaken(monkeypatch, reacting, slow, quick), 60)
    assert await stage.positions(slow.name) == {EVENTS[0].lane: 2}
    assert await stage.waiting(slow.name) == []
