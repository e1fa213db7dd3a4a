"""Each caller holds a few of the places that all want."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from shared.chassis.errors import TooManyRequests, Unavailable
from shared.chassis.http.fair_shares import FairShares, SharedPlaces
from tests.lib.services import eventually


async def hold(shares: FairShares, caller: str, until: asyncio.Event) -> str:
    async with shares.place(caller):
        await until.wait()
    return caller


async def test_one_caller_s_share_is_no_other_s_and_nothing_is_kept_of_who_left() -> None:
    shares, release = FairShares(2), asyncio.Event()
    held = [asyncio.create_task(hold(shares, caller, release)) for caller in ("a", "a", "b")]

    async def two_callers() -> bool:
        return shares.callers == 2

    await eventually(two_callers)
    for _ in range(2):
        with pytest.raises(TooManyRequests, match="share-exceeded"):
            async with shares.place("a"):
                pass
    async with shares.place("b"), shares.place("c"):
        pass
    release.set()
    assert await asyncio.gather(*held) == ["a", "a", "b"]
    assert shares.callers == 0
    async with shares.place("a"):
        pass


async def test_a_few_more_of_a_caller_wait_for_its_own_places() -> None:
    shares, release = FairShares(1, 1, 10), asyncio.Event()
    first = asyncio.create_task(hold(shares, "a", release))
    second = asyncio.create_task(hold(shares, "a", release))
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests):
        async with shares.place("a"):
            pass
    release.set()
    assert await asyncio.gather(first, second) == ["a", "a"]


async def test_who_waited_in_vain_is_refused_and_whatever_fails_gives_its_place_back() -> None:
    shares, release = FairShares(1, 1, 0.01), asyncio.Event()
    first = asyncio.create_task(hold(shares, "a", release))
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests):
        async with shares.place("a"):
            pass
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert shares.callers == 0
    with pytest.raises(ValueError, match="broken"):
        async with shares.place("a"):
            raise ValueError("broken")
    assert shares.callers == 0


async def test_no_caller_fills_the_places_of_all() -> None:
    places = SharedPlaces(8)
    async with AsyncExitStack() as held:
        for caller in ("ann", "bea", "cid", "dan"):
            await held.enter_async_context(places.place(caller))
            await held.enter_async_context(places.place(caller))
            with pytest.raises(TooManyRequests):
                await held.enter_async_context(places.place(caller))
        with pytest.raises(Unavailable):
            await held.enter_async_context(places.place("eva"))
    async with places.place("eva"), places.place("ann"):
        pass
