"""Held events and dead letters of an invented consumer, in a store of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.chassis.config import Settings
from shared.chassis.dead_letters.operator_actions import ACTIONS
from shared.chassis.dead_letters.operator_actions import INDEXES as ACTION_INDEXES
from shared.chassis.inbox.held_events import INDEXES, WAITING, Awaited, Kind, hold
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Mongo, ensure_indexes
from shared.contracts.registry import MemberApproved
from tests.chassis.received_event import MOMENT, received

CONSUMER = "hearing.members"


@asynccontextmanager
async def store(settings: Settings) -> AsyncIterator[Mongo]:
    """An empty store with the collections of an inbox."""
    mongo = Mongo(settings.mongo_url, settings.named("hearing"), settings.mongo_timeout)
    await ensure_indexes(mongo, {WAITING: INDEXES, ACTIONS: ACTION_INDEXES, POSITIONS: []})
    try:
        yield mongo
    finally:
        mongo.close()


async def hold_event(
    mongo: Mongo, sequence: int, kind: Kind, subject: str = "m1", reason: str = "why", awaited: Awaited | None = None
) -> None:
    """Hold an event of a member."""
    step = hold(CONSUMER, received(sequence, MemberApproved(), subject), kind, reason, MOMENT, awaited)
    await mongo[WAITING].bulk_write([step])
