"""The lease on a real MongoDB, with the time given: one holder at most, and nobody waits for the dead."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from shared.chassis.config import Settings
from shared.chassis.workers.lease import LEASES, Lease, unique_holder
from tests.chassis.write_path_fixture import writing
from tests.lib.services import eventually


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


async def test_it_is_taken_over_when_its_holder_is_silent(settings: Settings) -> None:
    clock = Clock()
    async with writing(settings) as write:
        first, second = (Lease(write.mongo, "relay", clock, holder=name, seconds=6) for name in ("one", "two"))
        assert await first.acquire()
        assert not await second.acquire()
        clock.advance(4)
        assert await first.acquire()
        clock.advance(5)
        assert not await second.acquire()
        clock.advance(2)
        assert await second.acquire()
        assert not await first.acquire()


async def test_it_is_free_at_once_when_given_back(settings: Settings) -> None:
    clock = Clock()
    async with writing(settings) as write:
        first, second = (Lease(write.mongo, "relay", clock, holder=name) for name in ("one", "two"))
        assert await first.acquire()
        await first.release()
        assert await second.acquire()
        await first.release()
        assert not await first.acquire()
        assert await second.acquire()


async def test_it_is_kept_while_somebody_works_however_long(settings: Settings) -> None:
    clock = Clock()
    async with writing(settings) as write:
        first, second = (Lease(write.mongo, "relay", clock, holder=name, seconds=0.1) for name in ("one", "two"))
        assert await first.acquire()

        async def renewed() -> bool:
            lease = await write.mongo[LEASES].find_one({"_id": "relay"})
            return lease is not None and lease["until"] > clock.now

        async with first.keep_alive():
            clock.advance(60)
            await eventually(renewed)
            assert not await second.acquire()
            assert await first.acquire()
            assert first.term == 1
        clock.advance(60)
        assert await first.acquire()
        assert first.term == 2, "nobody had it meanwhile, and somebody might"


def test_no_two_holders_have_one_name() -> None:
    assert unique_holder() != unique_holder()


@pytest.mark.parametrize("seed", range(3))
async def test_two_never_hold_it_at_once(settings: Settings, seed: int) -> None:
    choose, clock = random.Random(seed), Clock()
    async with writing(settings) as write:
        leases = {name: Lease(write.mongo, "relay", clock, holder=name, seconds=6) for name in ("one", "two", "three")}
        believed: dict[str, datetime] = {}
        holders = set()
        for _ in range(150):
            name = choose.choice(sorted(leases))
            if choose.random() < 0.1:
                await leases[name].release()
                believed.pop(name, None)
            elif await leases[name].acquire():
                # It may work on until a third of the length is left to it: it asks again before.
                believed[name] = clock.now + timedelta(seconds=4)
                holders.add(name)
            else:
                believed.pop(name, None)
            assert len([holder for holder, until in believed.items() if until >= clock.now]) <= 1
            clock.advance(choose.choice([0, 0.5, 1, 3, 7]))
        assert holders == set(leases)
