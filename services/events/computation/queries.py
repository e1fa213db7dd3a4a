"""Reading whether an agenda is of what is so now."""

import asyncio
from datetime import datetime

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules.publication import input_of
from services.events.computation.problem_builder import digest_of
from services.events.computation.scheduling_input import gathered
from shared.chassis.mongo import Mongo


async def is_current(mongo: Mongo, event: str, now: datetime) -> bool | None:
    """Tell whether the newest agenda is of what is so now; None where there is none."""
    newest = await mongo[AGENDA.collection].find_one({"_id": event}, {"state.input": 1})
    if newest is None:
        return None
    found = await gathered(mongo, event, now)
    # Apart: a large event takes a while, and requests go on.
    return await asyncio.to_thread(digest_of, found) == input_of(newest["state"])
