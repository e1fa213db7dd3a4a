"""Brokerage events as they are stored."""

from services.events.brokerage.state import BrokerageEvent, evolve
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

BROKERAGE = Aggregate("brokerage-event", topics.BROKERAGE, "brokerage", evolve, revision=2, state=BrokerageEvent)
INDEXES: dict[str, list[Index]] = {BROKERAGE.collection: [([("state.status", ASCENDING), ("changed", ASCENDING)], {})]}
