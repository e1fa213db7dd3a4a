"""A service for the tests of dead letters: it cannot take poison until it is cured, neither folding nor reacting."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.chassis.projections.projection import Projection
from shared.chassis.reactions.reaction import Reaction, Step
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.writes.aggregate import Aggregate, Command
from shared.contracts.base import DomainEvent
from shared.contracts.notifications import MessageSent
from shared.contracts.registry import MemberProfileRevised
from shared.contracts.topics import DELIVERIES, MEMBERS

FOLD, REACTION = "parking.members", "parking.echo"


def evolve(state: Document | None, event: DomainEvent) -> Document:
    """Keep what was echoed, in order."""
    assert isinstance(event, MessageSent)
    return {"echoed": [*(state or {"echoed": []})["echoed"], event.template]}


ECHOES: Aggregate[Document] = Aggregate("echo", DELIVERIES, "echoes", evolve)


def poisoned_service(complaint: str | None) -> Service:
    """Make the service; it complains of poison with these words, and is cured without."""

    def check(event: DomainEvent) -> str:
        text = event.profile.summary if isinstance(event, MemberProfileRevised) else "applied"
        if complaint and "poison" in text:
            raise ValueError(complaint)
        return text

    def fold(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document:
        text = check(event)
        if text == "unstorable" and complaint:
            return {"texts": 2**70}
        return {"texts": [*(document or {"texts": []})["texts"], text]}

    async def echo(received: Received, event: DomainEvent) -> Sequence[Step]:
        sent = MessageSent(recipient=received.id, template=check(event), cause=received.envelope.id)
        return [Command(ECHOES, received.id, lambda _: [sent])]

    def reactions(_runtime: Runtime) -> Sequence[Reaction]:
        return [Reaction(REACTION, (MEMBERS,), MEMBERS.events, echo)]

    projections = (Projection(FOLD, (MEMBERS,), "texts", fold),)
    return Service("parking", APIRouter(), aggregates=(ECHOES,), projections=projections, reactions=reactions)


async def folded(runtime: Runtime, id: str) -> list[str]:
    """The texts that were folded, in order."""
    document: Any = await runtime.mongo["texts"].find_one({"_id": id})
    return document["texts"] if document else []


async def echoed(runtime: Runtime, id: str) -> list[str]:
    """The texts that were reacted to, in order."""
    document: Any = await runtime.mongo["echoes"].find_one({"_id": id})
    return document["state"]["echoed"] if document else []
