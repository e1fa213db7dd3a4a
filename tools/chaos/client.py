"""Sends commands at a steady rate and records acknowledgements and refusals."""

import asyncio
from collections.abc import Callable
from typing import Any

from distretti.client.api import Client, Refused
from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic
from tools.chaos.expectations import Effect, ExpectedMessage, Ledger

NOT_YET_PROJECTED = frozenset({"member-unknown", "member-not-approved", "introduction-unknown"})
"""Refusals to retry: an event of another service is still on its way."""
PATIENCE_SECONDS = 120


class Unanswered(Exception):
    """A command was refused or not answered where it had to succeed; the ledger has it among its `failures`."""


class Pace:
    """Rate limiter: a command every 1/`rate` seconds. Commands missed during an outage are not made up for."""

    def __init__(self, rate: float) -> None:
        self._interval = 1 / rate
        self._next = 0.0

    async def wait(self) -> None:
        """Wait for the next command's time."""
        now = asyncio.get_running_loop().time()
        self._next = max(self._next + self._interval, now)
        await asyncio.sleep(self._next - now)


class Commander:
    """Executes commands as an operator or a member. A command without an answer is repeated until it has one."""

    def __init__(self, client: Client, ledger: Ledger, wait: Callable[[], Any]) -> None:
        self.client = client
        self.ledger = ledger
        self._wait = wait

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
        messages: tuple[ExpectedMessage, ...] = (),
        version: int | None = None,
    ) -> dict[str, Any]:
        """Execute a command that must succeed with exactly these events; return its answer. Raises Unanswered.

        `version` is the aggregate's version afterwards, where the answer has no ETag. `mark` identifies the command in its
        first event; `messages` must result from its last event.
        """
        end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            await self._wait()
            try:
                answer = await self.client.send(method, path, body, by)
            except Refused as refusal:
                if refusal.code in NOT_YET_PROJECTED and asyncio.get_running_loop().time() < end:
                    self.ledger.refused[refusal.code] += 1
                    await asyncio.sleep(0.2)
                    continue
                raise self._failure(str(refusal)) from refusal
            except TimeoutError as late:
                raise self._failure(str(late)) from late
            content: dict[str, Any] = answer.json()
            new_version = version or int(answer.headers["ETag"].strip('"'))
            self.ledger.acknowledge(Effect(topic, id or content["id"], new_version, events, mark, messages))
            return content

    async def be_refused(self, code: str, method: str, path: str, body: dict[str, Any], by: str | None = None) -> None:
        """Send a command that must be refused with `code`, and so have no effect. Raises Unanswered."""
        await self._wait()
        try:
            answer = await self.client.send(method, path, body, by)
        except Refused as refusal:
            if refusal.code != code:
                raise self._failure(str(refusal)) from refusal
            self.ledger.refused[code] += 1
        except TimeoutError as late:
            raise self._failure(str(late)) from late
        else:
            raise self._failure(f"{method} {path} succeeded and had to be refused as {code}: {answer.text[:200]}")

    def _failure(self, description: str) -> Unanswered:
        self.ledger.failures.append(description)
        return Unanswered(description)
