"""States that an older `evolve` made are folded again from their events, with their claims, beside live commands."""

import asyncio
from dataclasses import replace
from typing import Any

from fastapi import APIRouter

from shared.chassis.config import Settings
from shared.chassis.outbox.cause import Cause
from shared.chassis.rebuild.aggregates import ReplayedStates, replay_service
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.writes.aggregate import Aggregate
from shared.chassis.writes.write_path import Alongside
from shared.contracts.base import DomainEvent
from shared.contracts.notifications import MessageSent
from shared.contracts.topics import DELIVERIES
from tests.chassis.rebuild.fixtures import content, differing
from tests.lib.services import eventually, serving


def count(state: Any, _event: DomainEvent) -> Any:
    return {"sent": (state or {"sent": 0})["sent"] + 1}


def count_and_name(state: Any, event: DomainEvent) -> Any:
    assert isinstance(event, MessageSent)
    return {**count(state, event), "template": event.template, "first": (state or {}).get("first", event.recipient)}


OLD: Aggregate[Any] = Aggregate("tally", DELIVERIES, "tallies", count)


def claim(_id: str, state: Any) -> list[str]:
    return [f"first:{state['first']}"] if "first" in state else []


NEW = replace(OLD, evolve=count_and_name, claims=claim, revision=2)


def serves(aggregate: Aggregate[Any]) -> Service:
    return Service("tallying", APIRouter(), aggregates=(aggregate,))


async def send(runtime: Runtime, aggregate: Aggregate[Any], id: str, recipient: str, alongside: Alongside | None = None) -> None:
    sent = MessageSent(recipient=recipient, template="welcome", cause="c")
    await runtime.write.execute(aggregate, id, lambda _: [sent], Cause("c"), alongside=alongside)


async def rebuild_states(settings: Settings) -> ReplayedStates:
    [done] = await replay_service(serves(NEW), settings, lambda _name, _steps: lambda _done: None)
    return done


async def test_old_states_are_folded_again_beside_commands(settings: Settings) -> None:
    async with serving(serves(OLD), settings) as (runtime, _):
        for number in range(10):
            await send(runtime, OLD, f"t{number}", f"r{number}")
    async with serving(serves(NEW), settings) as (runtime, _):
        await send(runtime, NEW, "t3", "another")
        stored = await runtime.mongo["tallies"].find_one({"_id": "t3"})
        assert stored is not None
        assert (stored["evolve"], stored["state"]["first"]) == (1, "another"), "what stands on an old state is as old"

        async def command() -> None:
            for number in range(20):
                await send(runtime, NEW, f"t{number % 10}", f"later{number}")

        done, _ = await asyncio.gather(rebuild_states(settings), command())
        assert (done.states, done.left) == (10, {})
        states = {document["_id"]: document for document in await content(runtime.mongo, "tallies")}
        assert {document["evolve"] for document in states.values()} == {2}
        assert [states[f"t{number}"]["state"]["first"] for number in range(10)] == [f"r{number}" for number in range(10)]
        assert [held["_id"] for held in await content(runtime.mongo, "claims")] == [f"first:r{number}" for number in range(10)]

        async def clean() -> bool:
            return await differing(serves(NEW), settings) == []

        await eventually(clean)


async def test_what_a_command_read_before_is_not_brought_back(settings: Settings) -> None:
    async with serving(serves(OLD), settings) as (runtime, _):
        await send(runtime, OLD, "t1", "first")
    async with serving(serves(NEW), settings) as (runtime, _):
        done: list[ReplayedStates] = []

        async def meanwhile(_session: Any, _written: Any) -> None:
            if not done:
                done.append(await rebuild_states(settings))

        await send(runtime, NEW, "t1", "second", meanwhile)
        [stored] = await content(runtime.mongo, "tallies")
        assert (stored["evolve"], stored["version"]) == (2, 2)
        assert stored["state"] == {"sent": 2, "template": "welcome", "first": "first"}


async def test_a_state_whose_claim_is_another_s_is_left_and_told(settings: Settings) -> None:
    async with serving(serves(OLD), settings) as (runtime, _):
        await send(runtime, OLD, "t1", "same")
        await send(runtime, OLD, "t2", "same")
        done = await rebuild_states(settings)
        assert done.states == 1
        [(left, reason)] = done.left.items()
        [(holder, _)] = {("t1", ""), ("t2", "")} - {(left, "")}
        assert reason == f"a claim of the replayed state is held: first:same by {holder}"
