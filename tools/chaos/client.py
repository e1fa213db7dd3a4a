"""Sends commands at a steady rate and writes down what was acknowledged and what refused."""

import asyncio
from collections.abc import Callable
from typing import Any

from distretti.client.api import Client, Refused
from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic
from tools.chaos.expectations import Effect, Ledger, Told

NOT_KNOWN_YET = frozenset({"member-unknown", "member-not-approved", "introduction-unknown"})
"""Refusals that pass by themselves: a fact of another service is still on its way."""
PATIENCE_SECONDS = 120


class Unanswered(Exception):
    """A command was refused or not answered where it should have been done; the ledger has it as a surprise."""


class Pace:
    """Lets one command pass every 1/`rate` seconds; what was missed during an outage is not made up for."""

    def __init__(self, rate: float) -> None:
        self._interval = 1 / rate
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next free moment."""
        now = asyncio.get_running_loop().time()
        self._next = max(self._next + self._interval, now)
        await asyncio.sleep(self._next - now)


class Commander:
    """Does commands as an operator or a member. An outcome that is not known is asked for until it is."""

    def __init__(self, client: Client, ledger: Ledger, turn: Callable[[], Any]) -> None:
        self.client = client
        self.ledger = ledger
        self._turn = turn

    async def do(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        topic: Topic,
        *events: type[DomainEvent],
        id: str | None = None,
        by: str | None = None,
        mark: str = "",
        tells: tuple[Told, ...] = (),
        version: int | None = None,
    ) -> dict[str, Any]:
        """Do a command that must succeed with just these events, and return its answer. Raises Unanswered.

        `version` is what it must have made, where the answer does not tell.
        """
        end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            await self._turn()
            try:
                answer = await self.client.send(method, path, body, by)
            except Refused as refusal:
                if refusal.code in NOT_KNOWN_YET and asyncio.get_running_loop().time() < end:
                    self.ledger.refused[refusal.code] += 1
                    await asyncio.sleep(0.2)
                    continue
                raise self._surprise(str(refusal)) from refusal
            except TimeoutError as late:
                raise self._surprise(str(late)) from late
            content: dict[str, Any] = answer.json()
            made = version or int(answer.headers["ETag"].strip('"'))
            self.ledger.acknowledge(Effect(topic, id or content["id"], made, events, mark, tells))
            return content

    async def be_refused(self, code: str, method: str, path: str, body: dict[str, Any], by: str | None = None) -> None:
        """Send a command that must be refused with `code`, and so must leave nothing behind. Raises Unanswered."""
        await self._turn()
        try:
            answer = await self.client.send(method, path, body, by)
        except Refused as refusal:
            if refusal.code != code:
                raise self._surprise(str(refusal)) from refusal
            self.ledger.refused[code] += 1
        except TimeoutError as late:
            raise self._surprise(str(late)) from late
        else:
            raise self._surprise(f"{method} {path} was done and should have been refused as {code}: {answer.text[:200]}")

    def _surprise(self, what: str) -> Unanswered:
        self.ledger.surprises.append(what)
        return Unanswered(what)
