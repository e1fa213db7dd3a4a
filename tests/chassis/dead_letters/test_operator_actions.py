"""The ledger of operators' actions: one pending on an entry, a completed one stays as it is."""

from datetime import timedelta

import pytest

from shared.chassis.config import Settings
from shared.chassis.dead_letters.entries import entries, find_entry
from shared.chassis.dead_letters.operator_actions import (
    ACTIONS,
    Action,
    ActionPending,
    complete_action,
    dropped_events,
    find_action,
    list_actions,
    pending_actions,
    request_action,
    was_dropped,
)
from shared.chassis.mongo import Mongo
from shared.contracts.topics import MEMBERS
from tests.chassis.held_records import CONSUMER, hold_event, store
from tests.chassis.received_event import MOMENT


async def request(mongo: Mongo, action: Action, minutes: int = 0) -> str:
    """Ask for an action on the one dead letter there is."""
    [listed] = await entries(mongo)
    entry, document = await find_entry(mongo, listed.id)
    return await request_action(mongo, action, entry, document, "anna", "mended", MOMENT + timedelta(minutes=minutes))


async def test_a_second_action_waits_for_the_end_of_the_first(settings: Settings) -> None:
    async with store(settings) as mongo:
        await hold_event(mongo, 3, "parked")
        first = await request(mongo, "retry")
        with pytest.raises(ActionPending):
            await request(mongo, "drop")
        assert [action["_id"] for action in await pending_actions(mongo)] == [first]
        await complete_action(mongo, first, "parked", "s" * 3000, MOMENT)
        await complete_action(mongo, first, "applied", "too late", MOMENT)
        ended = await find_action(mongo, first)
        assert (ended["status"], ended["outcome"], len(ended["said"])) == ("done", "parked", 2000)
        second = await request(mongo, "drop", 1)
        assert [action["_id"] for action in await list_actions(mongo)] == [second, first]


async def test_a_look_is_done_by_being_recorded_and_keeps_nobody_waiting(settings: Settings) -> None:
    async with store(settings) as mongo:
        await hold_event(mongo, 3, "parked")
        looks = [await request(mongo, "look", minutes) for minutes in (0, 1)]
        assert await pending_actions(mongo) == []
        recorded = await find_action(mongo, looks[0])
        assert (recorded["who"], recorded["why"], recorded["outcome"], recorded["ended"]) == ("anna", "mended", "shown", MOMENT)
        await request(mongo, "retry", 2)


async def test_dropped_events_are_known_to_who_replays_the_topic(settings: Settings) -> None:
    async with store(settings) as mongo:
        await hold_event(mongo, 3, "parked")
        await complete_action(mongo, await request(mongo, "retry"), "applied", "", MOMENT)
        action = await request(mongo, "drop", 1)
        entry_id = (await find_action(mongo, action))["entry"]
        assert not await was_dropped(mongo, entry_id)
        await mongo[ACTIONS].update_one({"_id": action}, {"$set": {"status": "draining", "outcome": "dropped"}})
        assert await was_dropped(mongo, entry_id)
        assert await dropped_events(mongo, CONSUMER) == {(f"{MEMBERS.name}|m1", 3)}
        assert await dropped_events(mongo, "hearing.other") == set()
