"""The events of both sides: invented members that apply, are approved, and publish offers and needs."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaProducer

from shared.chassis.config import Settings
from shared.chassis.ids import uuid7
from shared.chassis.outbox.cause import Cause
from shared.chassis.outbox.outbox import outgoing
from shared.contracts.base import DomainEvent, to_milliseconds
from shared.contracts.registry import (
    Identifier,
    MemberApplied,
    MemberApproved,
    Need,
    NeedPublished,
    Offer,
    OfferPublished,
    Place,
    Profile,
)
from shared.contracts.topics import MEMBERS

EVENTS_EACH = 5
_TEXT = "Lavorazioni di precisione su materiali compositi, dalla prova di laboratorio alla piccola serie. " * 3
_TOPICS = ("smart-factory/robotics", "ict-photonics/photonics")


def applied(number: int) -> MemberApplied:
    """The application of one member."""
    return MemberApplied(
        name=f"Esempio {number} s.r.l.",
        kind="sme",
        identifiers=(Identifier(scheme="register", value=f"bench:{number}"),),
        districts=("new-materials",),
        place=Place(country="IT", nuts3="ITI14", city="Firenze"),
        profile=Profile(summary=_TEXT, topics=_TOPICS),
    )


def history(number: int) -> list[DomainEvent]:
    """All events of a member, in order."""
    offer = Offer(nature="technology", title="Stampa di compositi", text=_TEXT, topics=_TOPICS, trl=6)
    need = Need(nature="research", title="Prove a fatica", text=_TEXT, topics=_TOPICS)
    return [
        applied(number),
        MemberApproved(),
        OfferPublished(offer_id="offer-1", offer=offer),
        OfferPublished(offer_id="offer-2", offer=offer),
        NeedPublished(need_id="need-1", need=need),
    ]


def outbox(members: int) -> Iterator[dict[str, Any]]:
    """Outbox documents of so many members, as the registry's write path makes them."""
    moment = to_milliseconds(datetime.now(UTC))
    return chain.from_iterable(outbox_of(f"member-{number}", history(number), moment) for number in range(members))


def outbox_of(subject: str, events: list[DomainEvent], moment: datetime) -> Iterator[dict[str, Any]]:
    """The outbox documents of one member."""
    for sequence, event in enumerate(events, start=1):
        id = uuid7(moment, sequence)
        yield outgoing(
            event,
            id=id,
            topic=MEMBERS,
            subject=subject,
            sequence=sequence,
            moment=moment,
            source="/distretti/registry",
            cause=Cause(id),
            traceparent=None,
        )


async def preload(settings: Settings, members: int) -> int:
    """Produce the events of so many members to their topic; return the number of events."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all", enable_idempotence=True, linger_ms=5)
    await producer.start()
    try:
        sent = []
        for document in outbox(members):
            headers = [(name, value.encode()) for name, value in document["headers"].items()]
            value, key = document["value"].encode(), document["key"].encode()
            sent.append(await producer.send(settings.named(MEMBERS.name), value, key, headers=headers))
        await asyncio.gather(*sent)
    finally:
        await producer.stop()
    return len(sent)


def fold(document: dict[str, Any] | None, event: DomainEvent) -> dict[str, Any]:
    """Fold an event of a member into its view."""
    if isinstance(event, MemberApplied):
        return {**event.model_dump(), "status": "applied", "offers": {}, "needs": {}}
    assert document is not None, "a member begins with its application"
    if isinstance(event, OfferPublished):
        return {**document, "offers": {**document["offers"], event.offer_id: event.offer.model_dump()}}
    if isinstance(event, NeedPublished):
        return {**document, "needs": {**document["needs"], event.need_id: event.need.model_dump()}}
    return {**document, "status": "approved"}
