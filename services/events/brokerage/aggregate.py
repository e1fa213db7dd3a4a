"""Brokerage events as they are stored."""

from services.events.brokerage.rules import lifecycle
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

BROKERAGE: Aggregate[lifecycle.Brokerage] = Aggregate("brokerage-event", topics.BROKERAGE, "brokerage", lifecycle.evolve)
INDEXES: dict[str, list[Index]] = {BROKERAGE.collection: [([("state.status", ASCENDING), ("changed", ASCENDING)], {})]}
