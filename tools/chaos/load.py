"""The load: many lives at once, together at a steady rate, until told to stop."""

import asyncio
import random
from itertools import combinations, count
from typing import Any

from distretti.client.api import Client
from distretti.client.members import districts
from shared.contracts import topics
from shared.contracts.registry import DistrictOpened
from tools.chaos import load_introductions, load_meetings, load_members
from tools.chaos.client import Commander, Pace, Unanswered
from tools.chaos.expectations import Ledger, Member

LIVES_AT_ONCE = 32
MOST_MEMBERS = 50
"""Those that stay: ranking works on all of them whenever one changes."""
FEWEST_MEMBERS = 12
COMING = 7
CANARY_DAY = "canary-day"


class Driver:
    """Keeps the lives going. What it does is drawn from `seed`; what happens meanwhile decides in which order."""

    def __init__(self, client: Client, ledger: Ledger, rate: float, seed: int) -> None:
        self.ledger = ledger
        self._pace = Pace(rate)
        self._commander = Commander(client, ledger, self._pace.turn)
        self._draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._numbers = count(1)
        self._staying: list[Member] = []
        self._paired: set[tuple[str, str]] = set()
        self._day_under_way = False
        self._stopping = asyncio.Event()
        self._lives: list[asyncio.Task[None]] = []

    async def open_districts(self, commander: Commander) -> None:
        """Open the districts."""
        await asyncio.gather(*(self._open_district(commander, district) for district in districts()))

    async def prepare(self, canary: Commander) -> Member:
        """Open a day for the canaries and take their partner in; it is returned."""
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
        """Let the lives begin."""
        self._lives = [asyncio.create_task(self._live()) for _ in range(LIVES_AT_ONCE)]

    async def warm_up(self, commands: int) -> None:
        """Wait until so many more commands were acknowledged: a fault on an idle system shows little."""
        enough = len(self.ledger.effects) + commands
        while len(self.ledger.effects) < enough:  # noqa: ASYNC110 - many lives write into one book
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Let every life come to its end, so that no command is left without an outcome."""
        self._stopping.set()
        await asyncio.gather(*self._lives)

    async def _live(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._one_life()
            except Unanswered:
                await asyncio.sleep(1)

    async def _one_life(self) -> None:
        free = [member for member in self._staying if not member.busy]
        kind = self._draw.choices(("revise", "join", "introduce", "day"), (58, 20, 20, 2))[0]
        if kind == "join" or len(free) < FEWEST_MEMBERS:
            await self._join()
        elif kind == "introduce" and (pair := self._pair(free)):
            one, other, mode = pair
            await load_introductions.introduce(self._commander, one, other, mode, self._new_draw())
        elif kind == "day" and not self._day_under_way:
            await self._day()
        else:
            await self._revise(self._draw.choice(free))

    async def _join(self) -> None:
        full = len(self._staying) >= MOST_MEMBERS
        member = await load_members.join(self._commander, next(self._numbers), self._new_draw(), leaves=full)
        if member is not None:
            self._staying.append(member)

    async def _revise(self, member: Member) -> None:
        member.busy = True
        try:
            draw = self._new_draw()
            for _ in range(draw.randint(1, 4)):
                await load_members.revise(self._commander, member, draw, next(self._numbers))
        finally:
            member.busy = False

    def _pair(self, free: list[Member]) -> tuple[Member, Member, str] | None:
        """Choose two that can be matched and have not been yet."""
        for one, other in self._draw.sample(list(combinations(free, 2)), 20):
            mode = load_introductions.mode_of(one, other)
            if mode and (one.id, other.id) not in self._paired:
                self._paired.add((one.id, other.id))
                return one, other, mode
        return None

    async def _day(self) -> None:
        self._day_under_way = True
        try:
            draw = self._new_draw()
            coming = draw.sample(self._staying, COMING)
            await load_meetings.hold_day(self._commander, f"day-{next(self._numbers)}", coming, draw)
        finally:
            self._day_under_way = False

    def _new_draw(self) -> random.Random:
        return random.Random(self._draw.getrandbits(64))  # noqa: S311 - repeatable, not secret
