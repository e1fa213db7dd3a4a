"""The load: many concurrent users, together at a steady rate, until stopped."""

import asyncio
import random
from itertools import combinations, count
from typing import Any

from distretti.client.api import Client
from distretti.client.members import districts
from shared.contracts import topics
from shared.contracts.modes import FIRMS
from shared.contracts.registry import DistrictOpened
from tools.chaos import load_introductions, load_meetings, load_members
from tools.chaos.client import Commander, Pace, Unanswered
from tools.chaos.expectations import Ledger, Member

CONCURRENT_USERS = 32
MAX_MEMBERS = 50
"""A limit, since ranking works on all members whenever one changes."""
MIN_FREE_MEMBERS = 12
PARTICIPANTS = 7
CANARY_DAY = "canary-day"


class Driver:
    """Simulates the users. Their commands are drawn from `seed`; timing decides the order."""

    def __init__(self, client: Client, ledger: Ledger, rate: float, seed: int) -> None:
        self.ledger = ledger
        self._pace = Pace(rate)
        self._commander = Commander(client, ledger, self._pace.wait)
        self._draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._numbers = count(1)
        self._members: list[Member] = []
        self._paired: set[tuple[str, str]] = set()
        self._day_running = False
        self._stopping = asyncio.Event()
        self._users: list[asyncio.Task[None]] = []

    async def open_districts(self, commander: Commander) -> None:
        """Open the districts."""
        await asyncio.gather(*(self._open_district(commander, district) for district in districts()))

    async def prepare(self, canary: Commander) -> Member:
        """Open a brokerage event for the canaries and admit their partner, which is returned."""
        await load_meetings.open_day(canary, CANARY_DAY)
        partner = await load_members.apply(canary, 0, self._new_draw())
        await load_members.record_contact(canary, partner, 1)
        await load_members.approve(canary, partner)
        return partner

    async def _open_district(self, commander: Commander, district: dict[str, Any]) -> None:
        path, id = "/registry/v1/districts", district["id"]
        await commander.do("POST", path, district, topics.DISTRICTS, DistrictOpened, id=id)
        self.ledger.districts.append(id)

    def start(self) -> None:
        """Start the users."""
        self._users = [asyncio.create_task(self._run_user()) for _ in range(CONCURRENT_USERS)]

    async def warm_up(self, commands: int) -> None:
        """Wait until so many more commands were acknowledged: a fault in an idle system shows little."""
        target = len(self.ledger.effects) + commands
        while len(self.ledger.effects) < target:  # noqa: ASYNC110 - many users write to one ledger
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Let every user finish, so that no command is left without an outcome."""
        self._stopping.set()
        await asyncio.gather(*self._users)

    async def _run_user(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._do_something()
            except Unanswered:
                await asyncio.sleep(1)

    async def _do_something(self) -> None:
        free = [member for member in self._members if not member.busy]
        kind = self._draw.choices(("revise", "join", "introduce", "day"), (58, 20, 20, 2))[0]
        if kind == "join" or len(free) < MIN_FREE_MEMBERS:
            await self._join()
        elif kind == "introduce" and (pair := self._pair(free)):
            member, partner, mode = pair
            await load_introductions.introduce(self._commander, member, partner, mode, self._new_draw())
        elif kind == "day" and not self._day_running:
            await self._day()
        else:
            await self._revise(self._draw.choice(free))

    async def _join(self) -> None:
        full = len(self._members) >= MAX_MEMBERS
        member = await load_members.join(self._commander, next(self._numbers), self._new_draw(), leaves=full)
        if member is not None:
            self._members.append(member)

    async def _revise(self, member: Member) -> None:
        member.busy = True
        try:
            draw = self._new_draw()
            for _ in range(draw.randint(1, 4)):
                await load_members.revise(self._commander, member, draw, next(self._numbers))
        finally:
            member.busy = False

    def _pair(self, free: list[Member]) -> tuple[Member, Member, str] | None:
        """Choose two members that can be matched and were not yet."""
        for member, partner in self._draw.sample(list(combinations(free, 2)), 20):
            mode = load_introductions.mode_of(member, partner)
            if mode and (member.id, partner.id) not in self._paired:
                self._paired.add((member.id, partner.id))
                return member, partner, mode
        return None

    async def _day(self) -> None:
        self._day_running = True
        try:
            draw = self._new_draw()
            firms = [member for member in self._members if member.kind in FIRMS]
            participants = draw.sample(firms, min(PARTICIPANTS, len(firms)))
            await load_meetings.hold_day(self._commander, f"day-{next(self._numbers)}", participants, draw)
        finally:
            self._day_running = False

    def _new_draw(self) -> random.Random:
        return random.Random(self._draw.getrandbits(64))  # noqa: S311 - repeatable, not secret
