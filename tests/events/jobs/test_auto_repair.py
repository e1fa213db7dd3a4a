"""A running day is repaired by itself: changes that come together are one repair, and only what they touch changes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.brokerage.queries import read_brokerage_event
from services.events.computation.queries import is_current
from services.events.computation.queue import COMPUTATIONS
from services.events.jobs import auto_repair
from services.events.jobs.auto_repair import DEBOUNCE, MAX_DELAY, RECHECK, Observation, observe, versions_of
from services.events.main import SERVICE
from services.events.meeting.queries import meeting_id
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.events import (
    Slot,
    Table,
)
from tests.events.attendance.test_api import running_slots
from tests.events.factories import (
    MORNING,
    Clock,
    agree,
    announced,
    computed,
    feed_members,
    midday,
    publish,
)
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
TICK = timedelta(seconds=1)


def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a short calm only; the solver gets time enough on any machine, and ends when it is done."""
    monkeypatch.setattr(auto_repair, "DEBOUNCE", timedelta(seconds=1))
    monkeypatch.setattr(auto_repair, "TIME_LIMIT", 60.0)


def after(pulses: list[int], seen: Observation | None = None) -> Observation:
    """An event as it is seen once a second."""
    for number, pulse in enumerate(pulses):
        seen = observe(seen, (pulse,), MORNING + number * TICK)
    assert seen is not None
    return seen


def test_many_changes_are_looked_at_once_when_they_have_stopped() -> None:
    seen = after([1, 2, 3, 4, 4])
    last = MORNING + 3 * TICK
    assert not seen.is_due(last + DEBOUNCE - TICK)
    assert seen.is_due(last + DEBOUNCE)


def test_changes_that_never_stop_are_looked_at_all_the_same() -> None:
    seconds = int(MAX_DELAY.total_seconds())
    assert not after(list(range(seconds))).is_due(MORNING + MAX_DELAY - TICK)
    assert after(list(range(seconds + 1))).is_due(MORNING + MAX_DELAY)


def test_what_was_looked_at_is_looked_at_again_now_and_then() -> None:
    looked = Observation(1, MORNING, None, MORNING + 5 * TICK)
    assert not looked.is_due(MORNING + RECHECK)
    assert looked.is_due(MORNING + RECHECK + 5 * TICK)
    assert observe(looked, 2, MORNING + 9 * TICK).is_due(MORNING + 9 * TICK + DEBOUNCE)


async def version(runtime: Runtime, number: int) -> dict[str, Any]:
    """Wait for a version of the agenda."""

    async def stored_version() -> dict[str, Any] | None:
        return await runtime.mongo[AGENDA.collection].find_one({"_id": "fair", "version": number})

    document = await eventually(stored_version, 60)
    assert document is not None
    state: dict[str, Any] = document["state"]
    return state


def places(agenda: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {placement["meeting_id"]: (placement["slot"], placement["table"]) for placement in agenda["placements"]}


def met(*pair: str) -> str:
    return meeting_id("fair", *pair)


async def test_a_running_day_is_repaired_without_being_asked(
    settings: Settings, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    manager = bearer(issuer, "manager", districts=["marble"])
    crowd = [(f"x{n}", f"y{n}") for n in range(10)]
    pairs = [("anna", "bruno"), ("carla", "dora"), ("elio", "fabio"), *crowd]
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", pairs, slots=running_slots(1, 2), tables=6)
        seats = {("anna", "bruno"): (1, 1), ("carla", "dora"): (2, 1)}
        await publish(runtime, "fair", seats | {pair: (2 + n // 5, 2 + n % 5) for n, pair in enumerate(crowd)})

        async def do(method: str, path: str, body: Any = None) -> None:
            answer = await http.request(method, path, json=body, headers=manager)
            assert answer.is_success, answer.text

        # What is published by hand fits nothing: the meeting that has no place gets one, and no other changes.
        first = await version(runtime, 2)
        assert first["repaired"]
        assert places(first)[met("anna", "bruno")] == (1, 1)
        assert places(first)[met("carla", "dora")] == (2, 1)
        assert met("elio", "fabio") in places(first)

        # Ten withdraw: one repair. The other meetings stay where they are.
        await asyncio.gather(*(do("DELETE", f"{EVENT}/registrations/x{n}") for n in range(10)))
        second = await version(runtime, 3)
        unaffected = {met("anna", "bruno"), met("carla", "dora"), met("elio", "fabio")}
        assert places(second) == {id: place for id, place in places(first).items() if id in unaffected}
        assert len(second["unplaced"]) == 10

        # A table is closed, and two that have met nobody agree to meet.
        await do("PUT", f"{EVENT}/closed-tables", {"tables": [1]})
        await do("POST", f"{EVENT}/meetings", {"by": "anna", "towards": "carla", "mode": "b2b"})
        await do("POST", f"/v1/meetings/{met('anna', 'carla')}/accept", {"by": "carla"})
        third = await version(runtime, 4)
        assert places(third)[met("anna", "bruno")] == (1, 1), "what has begun stays, at its table"
        slot, table = places(third)[met("carla", "dora")]
        assert (slot, table != 1) == (2, True), "another table, at the same time"
        assert places(third)[met("anna", "carla")][0] == 3

        # Who takes back an answer it gave changes nothing that is planned.
        before = await http.get(f"{EVENT}/agenda", headers=manager)
        await do("PUT", f"{EVENT}/registrations/y1/availability", {"unavailable": [2]})
        await _looked(runtime)
        assert (await http.get(f"{EVENT}/agenda", headers=manager)).headers["etag"] == before.headers["etag"]


async def _seen_as(look: Callable[[], Awaitable[Any]], expected: Any) -> bool:
    return bool(await look() == expected)


async def _looked(runtime: Runtime) -> None:
    """Wait until the day was looked at after its last change."""
    newest = await versions_of(runtime.mongo, await read_brokerage_event(runtime.mongo, "fair"))
    repairs = runtime.workers[1]._periodic[-1].__self__  # type: ignore[attr-defined]

    async def calm() -> bool:
        seen = repairs._observations.get("fair")
        return seen is not None and seen.versions >= newest and seen.pending_since is None

    await eventually(calm)


async def test_what_is_to_be_asked_for_is_not_done_by_itself(
    settings: Settings, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno")], slots=running_slots(1, 2), repairs="asked")
        await publish(runtime, "fair", {("anna", "bruno"): (2, 1)})
        manager = bearer(issuer, "manager", districts=["marble"])

        async def repair(number: int) -> dict[str, Any]:
            request = await http.post(f"{EVENT}/agenda", json={"repair": True, "time_limit": 60}, headers=manager)
            assert request.status_code == 202
            return await version(runtime, number)

        async def current() -> bool:
            ended = await computed(http, "fair", manager)
            return bool(ended["current"])

        await runtime.workers[1].round()  # type: ignore[attr-defined]
        assert await runtime.mongo[COMPUTATIONS].count_documents({}) == 0
        assert places(await repair(2)) == {met("anna", "bruno"): (2, 1)}
        assert await current()
        address = (await http.post(f"{EVENT}/agenda/bruno/calendar-address", headers=manager)).json()["path"]

        async def on_show() -> tuple[int, bool, bool]:
            """The meeting of Bruno: as data, on paper, in his calendar."""
            meetings = (await http.get(f"{EVENT}/agenda/bruno", headers=manager)).json()["meetings"]
            sheet = (await http.get(f"{EVENT}/agenda/pages/participants/bruno", headers=manager)).text
            return len(meetings), "anna" in sheet, "STATUS:CONFIRMED" in (await http.get(address)).text

        assert await eventually(lambda: _seen_as(on_show, (1, True, True)))
        assert (await http.delete(f"{EVENT}/registrations/anna", headers=manager)).is_success
        assert await on_show() == (0, False, False), "nobody waits for who has withdrawn, computed again or not"
        assert "STATUS:CANCELLED" in (await http.get(address)).text
        await runtime.workers[1].round()  # type: ignore[attr-defined]
        assert not await current(), "the manager sees that something has changed"
        assert places(await repair(3)) == {}
        assert await current()

        # The last meeting is cancelled: an empty agenda is one too.
        off = {"reason": "no"}
        assert (await http.post(f"/v1/meetings/{met('anna', 'bruno')}/cancel", json=off, headers=manager)).is_success
        assert (await repair(4))["unplaced"] == []


async def test_who_takes_part_otherwise_on_the_day_is_in_the_next_version(
    settings: Settings, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    manager, anna = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "member", "anna")
    online = (Table(number=3, kind="virtual"),)
    pairs = [("anna", "bruno"), ("anna", "carla"), ("anna", "dora")]
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora"])
        await agree(runtime, "fair", pairs, slots=running_slots(1, 2), tables=3, format="hybrid", special_tables=online)
        assert (await http.post(f"{EVENT}/start", headers=manager)).is_success

        async def change(headers: dict[str, str], *representatives: str, **changes: Any) -> None:
            named = [{"id": representative} for representative in representatives]
            body = {"member_id": "anna", "representatives": named, **changes}
            answer = await http.post(f"{EVENT}/registrations", json=body, headers=headers)
            assert (answer.status_code, answer.json().get("status")) == (201, "registered"), answer.text

        def seats_of_anna(agenda: dict[str, Any]) -> dict[int, set[str]]:
            seats: dict[int, set[str]] = {1: set(), 2: set(), 3: set()}
            for placement in agenda["placements"]:
                seats[placement["slot"]] |= {
                    person for person in placement["people"] or placement["members"] if person.startswith("anna")
                }
            return seats

        await change(anna, "r1", "r2", "r3")
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1), ("anna", "carla"): (2, 1), ("anna", "dora"): (3, 1)})
        first = await version(runtime, 2)
        assert (seats_of_anna(first)[1], len(seats_of_anna(first)[2] | seats_of_anna(first)[3])) == ({"anna"}, 2), (
            "what has begun stays as it is"
        )

        # The one that sits in the next meeting goes home, and another comes: no meeting moves.
        (absentee,) = seats_of_anna(first)[2]
        left = [representative for representative in ("r1", "r2", "r3") if f"anna:{representative}" != absentee]
        await change(manager, left[0], left[1], "r4")
        second = await version(runtime, 3)
        assert absentee not in seats_of_anna(second)[2]
        assert (places(second), seats_of_anna(second)[3]) == (places(first), seats_of_anna(first)[3])

        # She is not there in the second slot, and after that comes from afar, alone.
        await change(anna, unavailable=[2], attends="virtual")
        third = await version(runtime, 4)
        assert places(third)[met("anna", "bruno")] == (1, 1)
        assert (seats_of_anna(third)[2], seats_of_anna(third)[3]) == (set(), {"anna"})
        assert {placement["table"] for placement in third["placements"] if placement["slot"] == 3} == {3}
        assert len(third["unplaced"]) == 1


async def check_in(http: httpx2.AsyncClient, member: str, manager: dict[str, str]) -> None:
    desk = f"{EVENT}/registrations/{member}/check-in"
    code = (await http.get(desk, headers=manager)).json()["code"]
    assert (await http.post(desk, json={"code": code}, headers=manager)).is_success


async def test_who_did_not_come_is_left_out_until_it_is_checked_in(
    settings: Settings, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    manager = bearer(issuer, "manager", districts=["marble"])
    async with serving(SERVICE, settings) as (runtime, http):
        # One table: while Anna is away, those without a place take hers.
        pairs = [("anna", "bruno"), ("anna", "carla"), ("dora", "elio")]
        await agree(runtime, "fair", pairs, slots=running_slots(1, 1), tables=1, timezone=midday())
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1), ("anna", "carla"): (2, 1)})
        await version(runtime, 2)

        missed = await http.post(f"/v1/meetings/{met('anna', 'bruno')}/missed", json={"absent": ["anna"]}, headers=manager)
        assert missed.is_success
        await _looked(runtime)
        assert (await http.get(f"{EVENT}/agenda", headers=manager)).json()["version"] == 2, "nobody is checked in at this event"

        await check_in(http, "bruno", manager)
        without = await version(runtime, 3)
        assert places(without) == {met("anna", "bruno"): (1, 1), met("dora", "elio"): (2, 1)}
        [left_out] = without["unplaced"]
        assert left_out["reason"] == {"it": "anna non si è presentato.", "en": "anna did not come."}

        # She comes late: what took her table stays, for changes are few.
        await check_in(http, "anna", manager)
        with_anna = await version(runtime, 4)
        assert places(with_anna) == places(without)
        assert "did not come" not in with_anna["unplaced"][0]["reason"]["en"]


async def test_who_came_on_the_first_day_and_not_on_the_second_is_left_out_of_the_second(
    settings: Settings, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    manager, clock = bearer(issuer, "manager", districts=["marble"]), Clock()
    day = timedelta(days=1)
    second = [Slot(number=slot.number + 1, starts=slot.starts + day, ends=slot.ends + day) for slot in running_slots(1, 1)]
    async with serving(SERVICE, settings, clock=clock) as (runtime, http):
        pairs = [("anna", "bruno"), ("anna", "carla"), ("dora", "elio")]
        await agree(runtime, "fair", pairs, slots=(*running_slots(1, 0), *second), tables=1, timezone=midday())
        await publish(runtime, "fair", {("anna", "bruno"): (2, 1), ("anna", "carla"): (3, 1)})
        assert met("dora", "elio") not in places(await version(runtime, 2))
        await check_in(http, "anna", manager)

        clock.ahead = day
        await check_in(http, "bruno", manager)
        missed = await http.post(f"/v1/meetings/{met('anna', 'bruno')}/missed", json={"by": "bruno"}, headers=manager)
        assert missed.is_success
        assert await is_current(runtime.mongo, "fair", runtime.clock()), "she may be late"
        clock.ahead = day + timedelta(minutes=20)
        without = await version(runtime, 3)
        assert places(without) == {met("anna", "bruno"): (2, 1), met("dora", "elio"): (3, 1)}
        assert [meeting["reason"]["en"] for meeting in without["unplaced"]] == ["anna did not come."]
        refused = await http.post(f"{EVENT}/agenda/versions/2/restore", headers=manager)
        assert refused.json()["type"] == "urn:distretti:problem:version-does-not-fit"
        await check_in(http, "anna", manager)
        with_anna = await version(runtime, 4)
        assert "did not come" not in with_anna["unplaced"][0]["reason"]["en"]


async def test_a_running_day_is_repaired_when_slots_are_added(settings: Settings, issuer: Issuer) -> None:
    trio = [("anna", "bruno"), ("anna", "carla"), ("bruno", "carla")]
    async with serving(SERVICE, settings) as (runtime, http):
        room: dict[str, Any] = {"slots": running_slots(0, 2), "tables": 2}
        await agree(runtime, "fair", trio, **room)
        manager = bearer(issuer, "manager", districts=["marble"])
        await http.post(f"{EVENT}/agenda", json={"time_limit": 2}, headers=manager)
        assert (await computed(http, "fair", manager))["status"] == "published"

        async def without_place() -> int:
            return len((await http.get(f"{EVENT}/agenda", headers=manager)).json()["unplaced"])

        async def is_current() -> bool:
            return bool((await http.get(f"{EVENT}/agenda/computation", headers=manager)).json()["current"])

        assert (await without_place(), await is_current()) == (1, True)
        renamed = announced(**room, venue="Massa").model_dump(mode="json")
        assert (await http.put(EVENT, json=renamed, headers=manager)).is_success
        assert await is_current(), "a venue is no matter of the agenda"
        last = room["slots"][-1]
        third = last.model_copy(update={"number": 3, "starts": last.ends, "ends": last.ends + timedelta(minutes=50)})
        longer = announced(**{**room, "slots": (*room["slots"], third)}, venue="Massa").model_dump(mode="json")
        assert (await http.put(EVENT, json=longer, headers=manager)).is_success
        assert not await is_current()
        assert (await http.post(f"{EVENT}/start", headers=manager)).is_success

        async def all_have_a_place() -> bool:
            return await without_place() == 0 and await is_current()

        await eventually(all_have_a_place, 60)
        assert (await read_brokerage_event(runtime.mongo, "fair")).state.corrections == 2
