"""What becomes due by itself at events: the loop, and what its duties work with."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog

from shared.chassis.aggregate import Aggregate, Cause, Decide, Written
from shared.chassis.closing import Closed, Gate
from shared.chassis.ids import uuid7
from shared.chassis.mongo import Document, Mongo
from shared.chassis.write import WritePath

log = structlog.get_logger()
POLL = 1.0
S = TypeVar("S")
Duty = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Hand:
    """What a duty works with."""

    mongo: Mongo
    write: WritePath
    clock: Callable[[], datetime]

    async def do(self, aggregate: Aggregate[S], id: str, rule: Decide[S], event: Document) -> Written[S]:
        """Do a command that nobody asked for, at a brokerage event."""
        cause = Cause(uuid7(self.clock()), district=event["state"]["districts"][0])
        return await self.write.execute(aggregate, id, rule, cause)


class Upkeep:
    """Does every duty once a second, and at once when woken. Every replica may: rules and claims decide who was first.

    It rests while the service is closed for commands: what is due follows from the states, and is done afterwards.
    """

    def __init__(self, gate: Gate, duties: Sequence[Duty]) -> None:
        self._gate = gate
        self._duties = duties
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Look until told to stop."""
        while not self._stopping:
            self._wake.clear()
            await self.round()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL)

    async def stop(self) -> None:
        """Stop after this round."""
        self._stopping = True
        self._wake.set()

    async def round(self) -> None:
        """Do everything that is due now; what fails holds up no other, and is tried again."""
        for duty in self._duties:
            try:
                await self._gate.check()
                await duty()
            except Closed:
                return
            except Exception as error:
                log.warning("upkeep_failed", error=repr(error))
