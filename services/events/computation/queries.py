"""Whether the newest agenda is current."""

import asyncio
from datetime import datetime

from services.events.agenda.queries import newest_input
from services.events.agenda.rules.publication import input_of
from services.events.computation.problem_builder import digest_of
from services.events.computation.scheduling_input import gathered
from shared.chassis.mongo import Mongo


async def is_current(mongo: Mongo, event: str, now: datetime) -> bool | None:
    """Tell whether the newest agenda stands for the present input; None where there is none."""
    newest = await newest_input(mongo, event)
    if newest is None:
        return None
    scheduling_input = await gathered(mongo, event, now)
    # In a thread: it takes a while for a large event, and requests go on.
    return await asyncio.to_thread(digest_of, scheduling_input) == input_of(newest)
