"""A service for the tests of the chassis: it folds members, and enters a greeting for each one approved."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from shared.chassis.inbox.held_events import Awaited
from shared.chassis.inbox.message import Received
from shared.chassis.inbox.positions import positions_of
from shared.chassis.projections.projection import Projection
from shared.chassis.reactions.reaction import NotYet, Reaction, Step
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.writes.aggregate import Aggregate, Command
from shared.contracts.base import DomainEvent
from shared.contracts.notifications import MessageSent
from shared.contracts.registry import MemberApplied, MemberApproved, MemberProfileRevised
from shared.contracts.topics import BROKERAGE, DELIVERIES, MEMBERS


def fold(_id: str, document: dict[str, Any] | None, received: Received, event: DomainEvent) -> dict[str, Any]:
    """Count events, keep the name and the summaries in the order they came."""
    before = document or {"events": 0, "name": None, "summaries": []}
    if isinstance(event, MemberProfileRevised) and event.profile.summary == "poison":
        raise ValueError("this fold cannot take poison")
    name = event.name if isinstance(event, MemberApplied) else before["name"]
    summaries = [*before["summaries"], event.profile.summary] if isinstance(event, MemberProfileRevised) else before["summaries"]
    return {"events": before["events"] + 1, "name": name, "summaries": summaries}


def evolve(state: dict[str, Any] | None, event: DomainEvent) -> dict[str, Any]:
    """Count greetings."""
    return {"greetings": (state or {"greetings": 0})["greetings"] + 1}


GREETING: Aggregate[dict[str, Any]] = Aggregate("greeting", DELIVERIES, "greetings", evolve)
MEMBERS_SEEN = Projection("hearing.members", (MEMBERS,), "seen", fold, marks=lambda received, _: (received.id,))


def reactions(runtime: Runtime) -> Sequence[Reaction]:
    """Greet whoever is approved, twice over: on its own and on a common aggregate."""

    async def greet(received: Received, _event: DomainEvent) -> Sequence[Step]:
        if received.id.startswith("late"):
            awaited = Awaited("hearing.brokerage", f"{BROKERAGE.name}|fair", 1)
            positions = await positions_of(runtime.mongo, awaited.consumer, [awaited.stream])
            if positions[awaited.stream].sequence < awaited.sequence:
                raise NotYet(awaited)
        sent = MessageSent(recipient=received.id, template="greeting", cause=received.envelope.id)
        return [Command(GREETING, received.id, lambda _: [sent]), Command(GREETING, "everybody", lambda _: [sent])]

    return [Reaction("hearing.greet", (MEMBERS,), (MemberApproved,), greet)]


def ignore(_id: str, _document: dict[str, Any] | None, _received: Received, _event: DomainEvent) -> dict[str, Any]:
    """Keep only that it is known."""
    return {"known": True}


GREETER = Service(
    "hearing",
    APIRouter(),
    aggregates=(GREETING,),
    projections=(MEMBERS_SEEN, Projection("hearing.brokerage", (BROKERAGE,), "brokerage", ignore)),
    reactions=reactions,
)
