"""A client of the public API that retries over an unreliable network, with the same Idempotency-Key."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer

PATIENCE_SECONDS = 90
PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
AT_ONCE = 16


class Refused(Exception):
    """The API refused a request; the message is its problem+json."""

    def __init__(self, answer: httpx2.Response) -> None:
        super().__init__(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:500]}")
        self.status = answer.status_code
        self.code = _code(answer)
        self.rules = frozenset(error["rule"] for error in answer.json().get("errors", ())) if self.code else frozenset()


def pause_after(answer: httpx2.Response) -> float:
    """Seconds to wait before a retry: Retry-After in seconds, within bounds."""
    seconds = answer.headers.get("Retry-After", "")
    if not (seconds.isascii() and seconds.isdigit()):
        return PAUSE_SECONDS
    return min(LONGEST_PAUSE_SECONDS, max(PAUSE_SECONDS, float(seconds)))


def _code(answer: httpx2.Response) -> str:
    """The code of a problem+json; empty where the problem is not from a service of ours."""
    kind, prefix = "", "urn:distretti:problem:"
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        kind = answer.json().get("type", "")
    return kind.removeprefix(prefix) if kind.startswith(prefix) else ""


class Client:
    """Client of the system behind a gateway, as an operator or on behalf of a member."""

    def __init__(
        self, http: httpx2.AsyncClient, issuer: Issuer, patience: float = PATIENCE_SECONDS, at_once: int = AT_ONCE
    ) -> None:
        self._http = http
        self._issuer = issuer
        self._patience = patience
        self._places = asyncio.Semaphore(at_once)
        self._token = lru_cache(maxsize=None)(self._sign)

    def _sign(self, member: str | None) -> str:
        role = "member" if member else "operator"
        now, lifetime = datetime.now(UTC), timedelta(hours=6)
        return self._issuer.token(subject=member or "operator", roles=[role], member=member, now=now, lifetime=lifetime)

    async def get(self, path: str, member: str | None = None, language: str = "en") -> Any:
        """GET, as an operator or as a member."""
        return (await self._answer("GET", path, member, {"Accept-Language": language}, None)).json()

    async def post(self, path: str, body: dict[str, Any] | None = None, member: str | None = None) -> Any:
        """Execute a command exactly once, however often it must be sent; return the answer's JSON."""
        return (await self.send("POST", path, body, member)).json()

    async def send(self, method: str, path: str, body: dict[str, Any] | None = None, member: str | None = None) -> httpx2.Response:
        """Execute a command exactly once; return the whole answer. Raises Refused, and TimeoutError without an answer."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        content = httpx2.Request(method, "http://-", json=body).content
        return await self._answer(method, path, member, headers, content)

    async def lines(self, path: str, content: str) -> list[str]:
        """Send NDJSON and read NDJSON; only for idempotent requests: retries have no Idempotency-Key."""
        answer = await self._answer("POST", path, None, {}, content.encode(), "application/x-ndjson")
        # At line feeds alone: a text in JSON may hold other separators.
        return [line for line in answer.text.split("\n") if line]

    async def _answer(
        self,
        method: str,
        path: str,
        member: str | None,
        headers: dict[str, str],
        content: bytes | None,
        kind: str = "application/json",
    ) -> httpx2.Response:
        end = asyncio.get_running_loop().time() + self._patience
        headers = {**headers, "Authorization": f"Bearer {self._token(member)}", "Content-Type": kind}
        trouble, pause = "", PAUSE_SECONDS
        while asyncio.get_running_loop().time() < end:
            try:
                async with self._places:
                    answer = await self._http.request(method, path, headers=headers, content=content)
            except httpx2.TransportError as error:
                trouble, pause = repr(error), PAUSE_SECONDS
            else:
                if answer.is_success:
                    return answer
                if answer.status_code < 500 and answer.status_code != 429:
                    raise Refused(answer)
                trouble, pause = answer.text[:500], pause_after(answer)
            await asyncio.sleep(min(pause, max(0.0, end - asyncio.get_running_loop().time())))
        raise TimeoutError(f"{method} {path} was not answered within {self._patience:g} s: {trouble}")


@asynccontextmanager
async def connect(
    gateway: str, issuer: Issuer, timeout: float = 30, patience: float = PATIENCE_SECONDS, at_once: int = AT_ONCE
) -> AsyncIterator[Client]:
    """Open a client of the system at `gateway`; `timeout` is seconds per attempt, `patience` seconds for all attempts."""
    async with httpx2.AsyncClient(base_url=gateway, timeout=timeout) as http:
        yield Client(http, issuer, patience, at_once)


async def all_pages(client: Client, path: str, member: str | None = None) -> Sequence[dict[str, Any]]:
    """All pages of a list."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        separator = "&" if "?" in path else "?"
        page = await client.get(f"{path}{separator}limit=200{cursor}", member)
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = f"&cursor={page['next']}"
