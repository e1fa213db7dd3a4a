"""A small aggregate for commands: how often a member was greeted."""

from typing import TypedDict

from shared.chassis.writes.aggregate import Aggregate
from shared.contracts.base import DomainEvent
from shared.contracts.notifications import MessageSent
from shared.contracts.topics import DELIVERIES


class Greeted(TypedDict):
    recipient: str
    template: str
    greetings: int


def evolve(state: Greeted | None, event: DomainEvent) -> Greeted:
    """Count greetings."""
    assert isinstance(event, MessageSent)
    return {"recipient": event.recipient, "template": event.template, "greetings": (state["greetings"] if state else 0) + 1}


GREETING: Aggregate[Greeted] = Aggregate("greeting", DELIVERIES, "greetings", evolve)
