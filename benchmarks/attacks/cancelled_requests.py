"""Requests for a meeting that are taken back at once, of one member to one other, about three a second: what the other is mailed.

Meanwhile ordinary requests are measured. Mails pause as in production: those that wait then are not sent before the end.
30 requests and take-backs once were 30 mails.
"""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from benchmarks.attacks import side_by_side
from benchmarks.attacks.attacked_system import AttackedSystem, attacked_system
from benchmarks.attacks.ordinary_requests import of_registry_and_events
from benchmarks.attacks.side_by_side import OrdinaryCaller, running
from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row, Target
from distretti.client.brokerage_event import EVENTS, make_event
from distretti.client.sources import SAMPLE
from distretti.client.wait_until_idle import activity
from distretti.importers.dzn_event import read_b2b

PAUSE = 0.3
PRODUCTION = {"notifications": {"DISTRETTI_MAIL_PAUSE": "600"}}
STILL = 3.0
"""Seconds without work and without another mail, after which all are counted."""
STEPS = side_by_side.STEPS


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Measure ordinary requests beside cancelled requests, and count the mails."""
    async with attacked_system(fixtures, "cancelled", PRODUCTION) as system:
        requester = await _requester(system)
        before = await _mails(system)
        ordinary = OrdinaryCaller(system.gateway, of_registry_and_events(system, "cancelled"))
        rows = await side_by_side.side_by_side(
            "cancelled requests", system, ordinary, requester.requesting, ("events", "notifications"), tick
        )
        mails = await _mails(system) - before
    name = f"cancelled requests: mails of {requester.taken_back}"
    return [*rows, Row(name, "mails", [mails], target=Target("at most", 3))]


@dataclasses.dataclass
class Requester:
    """A member that requests a meeting and cancels it, over and over."""

    system: AttackedSystem
    event: str
    member: str
    towards: str
    taken_back: int = 0

    @asynccontextmanager
    async def requesting(self) -> AsyncIterator[None]:
        """Request until the block ends."""
        async with running(self._request()):
            yield

    async def _request(self) -> None:
        requested = {"by": self.member, "towards": self.towards, "mode": "b2b"}
        while True:
            meeting = await self.system.client.post(f"{EVENTS}/{self.event}/meetings", requested, self.member)
            cancelled = {"by": self.member, "reason": "Un errore."}
            await self.system.client.post(f"/events/v1/meetings/{meeting['id']}/cancel", cancelled, self.member)
            self.taken_back += 1
            await asyncio.sleep(PAUSE)


async def _requester(system: AttackedSystem) -> Requester:
    """Make an event of two members that do not meet."""
    instance = read_b2b(SAMPLE.with_name("meetings.dzn"), (datetime.now(UTC) + timedelta(days=60)).date())
    two = {number: instance.members[number] for number in ("1", "2")}
    instance = dataclasses.replace(instance, members=two, pairs=())
    event = await make_event(system.client, instance, lambda _label, _total: lambda _count: None)
    registrations = (await system.client.get(f"{EVENTS}/{event}/registrations"))["items"]
    requester, recipient = (registration["member_id"] for registration in registrations)
    return Requester(system, event, requester, recipient)


async def _mails(system: AttackedSystem) -> int:
    """Mails to the two, once no more come."""
    loop = asyncio.get_running_loop()
    last, since = -1, loop.time()
    async with httpx2.AsyncClient(base_url=system.stack.mail_url) as http:
        while loop.time() < since + STILL:
            active = await activity(system.client, system.stack.addresses())
            mails = (await http.get("/messages")).json()["messages"]
            count = sum(_is_to_the_two(mail) for mail in mails)
            if set(active) - {"mail"} or count != last:
                last, since = count, loop.time()
            await asyncio.sleep(0.2)
    return last


def _is_to_the_two(mail: dict[str, Any]) -> bool:
    return "b2b-meetings-" in mail["to"]
