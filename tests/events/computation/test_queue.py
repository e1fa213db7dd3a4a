"""The ledger of computations: a lease is held by one worker, and only who holds it ends it."""

from datetime import UTC, datetime

import pytest

from services.events.computation.queue import Computations, LeaseLost, Options, Progress
from shared.chassis.config import Settings
from shared.chassis.errors import Refusal
from shared.contracts.base import LocalizedText
from tests.events.computation.test_worker import IDLE, now
from tests.lib.services import serving


async def test_only_who_holds_a_computation_ends_it(settings: Settings) -> None:
    async with serving(IDLE, settings) as (runtime, _):
        early = Computations(runtime.mongo, lambda: datetime(2026, 1, 1, tzinfo=UTC))
        late = Computations(runtime.mongo, now)
        await early.enqueue("fair", Options(5), "c")
        lost = await early.lease()
        assert lost is not None
        assert await early.lease() is None, "its lease is not over"
        await late.enqueue("fete", Options(5), "c")
        await late.enqueue("feast", Options(5, repair=True), "c")
        first, held = await late.lease(), await late.lease()
        assert first is not None
        assert held is not None
        assert (first.event_id, held.event_id, held.starts) == ("feast", "fair", 2), "repairs go first, then who has waited longest"
        assert await late.lease(repairs_only=True) is None
        await late.enqueue("fair", Options(60), "d")
        assert (await late.read("fair")).time_limit == 5, "asking again changes nothing while it is under way"
        with pytest.raises(LeaseLost):
            await runtime.mongo.transact(lambda session: early.publish(lost, 1, session))
        await early.release(lost)
        assert (await late.read("fair")).status == "running"
        await late.fail(held, LocalizedText(it="perché", en="why"))
        assert (await late.read("fair")).reason == LocalizedText(it="perché", en="why")


async def test_a_cancelled_computation_leaves_nothing_to_the_next(settings: Settings) -> None:
    async with serving(IDLE, settings) as (runtime, _):
        ledger = Computations(runtime.mongo, now)
        await ledger.enqueue("fair", Options(5), "c")
        held = await ledger.lease()
        assert held is not None
        assert not await ledger.renew(held, Progress(3, 1))
        await ledger.stop_searching("fair")
        assert await ledger.renew(held, Progress(4, 0))
        computation = await ledger.read("fair")
        assert (computation.status, computation.best, computation.stop_requested) == ("running", Progress(4, 0), True)
        await ledger.cancel("fair")
        with pytest.raises(LeaseLost):
            await ledger.renew(held, None)
        with pytest.raises(LeaseLost):
            await runtime.mongo.transact(lambda session: ledger.publish(held, 1, session))
        with pytest.raises(Refusal, match="computation-ended"):
            await ledger.cancel("fair")
        await ledger.release(held)
        assert (await ledger.read("fair")).status == "cancelled"
        await ledger.enqueue("fair", Options(5), "d")
        computation = await ledger.read("fair")
        assert (computation.status, computation.best, computation.stop_requested) == ("queued", None, False)


async def test_a_district_that_is_served_waits_for_its_next_and_no_other_district_does(settings: Settings) -> None:
    async with serving(IDLE, settings) as (runtime, _):
        ledger = Computations(runtime.mongo, now)
        for event, district in (("a1", "marble"), ("a2", "marble"), ("b1", "paper"), ("old", None)):
            await ledger.enqueue(event, Options(300), "c", district)
        districts = ["marble", "paper"]
        first, *later = [await ledger.lease(served=served) for served in ([], ["marble"], districts, districts)]
        assert first is not None
        assert (first.event_id, first.district) == ("a1", "marble")
        assert [leased.event_id if leased else None for leased in later] == ["b1", "old", None]
        second = await ledger.lease(served=("paper",))
        assert second is not None
        assert second.event_id == "a2"
