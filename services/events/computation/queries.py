"""Whether an agenda is current: of the same input as it would be computed from now."""

import asyncio
from datetime import datetime

from services.events.agenda.queries import input_digest
from services.events.computation.problem_builder import digest_of
from services.events.computation.scheduling_input import read_scheduling_input
from shared.chassis.mongo import Mongo


async def is_current(mongo: Mongo, event_id: str, now: datetime) -> bool | None:
    """Whether the newest agenda is of the input there is now; None where there is no agenda."""
    published = await input_digest(mongo, event_id)
    if published is None:
        return None
    scheduling_input = await read_scheduling_input(mongo, event_id, now)
    # In a thread: a large event takes a while, and requests go on.
    return await asyncio.to_thread(digest_of, scheduling_input) == published
