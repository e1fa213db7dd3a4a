"""Where an event is in its life: its status, and what becomes of its agenda."""

from typing import get_args

import pytest

from services.events.brokerage.state import Status
from services.events.computation.queue import COMPUTATIONS
from services.events.lifecycle.phase import phase_of
from shared.chassis.mongo import Mongo
from tests.events.computation.factories import newest
from tests.events.factories import event_state, stored_event
from tests.events.stored import put_agenda

EVENTS = {status: stored_event(event_state(status), "e") for status in get_args(Status)}


async def phases(mongo: Mongo) -> dict[str, str]:
    """The phase of an event in each status, where it is not the status."""
    by_status = {status: await phase_of(mongo, event) for status, event in EVENTS.items()}
    return {status: phase for status, phase in by_status.items() if phase != status}


@pytest.mark.parametrize("under_way", ["queued", "running"])
async def test_an_event_is_scheduled_while_an_agenda_is_computed_and_published_until_it_runs(mongo: Mongo, under_way: str) -> None:
    assert await phases(mongo) == {}
    scheduling = {"registration-open": "scheduling", "registration-closed": "scheduling"}
    await mongo[COMPUTATIONS].insert_one({"_id": "e", "status": under_way})
    assert await phases(mongo) == scheduling
    await put_agenda(mongo, newest({}))
    assert await phases(mongo) == scheduling, "another one is computed"
    await mongo[COMPUTATIONS].update_one({"_id": "e"}, {"$set": {"status": "published"}})
    assert await phases(mongo) == {"registration-closed": "published"}
