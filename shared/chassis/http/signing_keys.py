"""The issuer's signing keys (JWKS, RFC 7517): fetched again by age, kept for a bounded time where the issuer does not answer."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx2
import jwt
import structlog

from shared.chassis.config import Settings
from shared.chassis.errors import Unavailable

log = structlog.get_logger()
REFETCH_SECONDS = 30
"""An unknown key id makes us ask no sooner: anybody can send one."""
FAILED_SECONDS = 5
"""An issuer that did not answer is not asked again for so long: requests behind the lock would each wait for it."""
FETCH_SECONDS = 2


class SigningKeys:
    """By key id. One fetch at a time: requests that arrive meanwhile share its outcome, also its failure."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._url = settings.auth_jwks_url
        self._max_age = settings.auth_keys_age
        self._grace = settings.auth_keys_grace
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")
        self._failed = float("-inf")
        self._fetching = asyncio.Lock()

    async def key(self, kid: str) -> jwt.PyJWK:
        """The key by this id. Raises jwt.InvalidTokenError for one that the issuer does not have, Unavailable without keys."""
        # A known key of fresh age never waits here, however slow the issuer is.
        if self._needs_fetch(kid):
            async with self._fetching:
                if self._needs_fetch(kid):
                    await self._renew()
        if not self._keys or self._age() > self._max_age + self._grace:
            raise _unavailable()
        if kid in self._keys:
            return self._keys[kid]
        if self._failed > self._fetched:
            raise _unavailable()
        raise jwt.InvalidSignatureError("its key is not one of the issuer's")

    def _needs_fetch(self, kid: str) -> bool:
        if self._clock() - self._failed <= FAILED_SECONDS:
            return False
        return self._age() > (self._max_age if kid in self._keys else min(self._max_age, REFETCH_SECONDS))

    def _age(self) -> float:
        return self._clock() - self._fetched

    async def _renew(self) -> None:
        try:
            self._keys = _keys_of(await self._read())
        except (OSError, ValueError, RecursionError, httpx2.HTTPError) as error:
            log.warning("keys_unavailable", error=repr(error))
            self._failed = self._clock()
            return
        if self._keys:
            self._fetched = self._clock()
        else:
            log.warning("keys_unavailable", error="the issuer has none that can be used")
            self._failed = self._clock()

    async def _read(self) -> str:
        if self._url.startswith("file://"):
            return await asyncio.to_thread(Path(self._url.removeprefix("file://")).read_text)
        async with asyncio.timeout(FETCH_SECONDS), httpx2.AsyncClient() as client:
            return (await client.get(self._url)).raise_for_status().text


def _keys_of(document: str) -> Mapping[str, jwt.PyJWK]:
    """The signing keys of a JWK set; there may be none left. Raises ValueError where it is no key set."""
    content: Any = json.loads(document)
    keys = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(keys, list):
        raise ValueError("not a JWK set")
    try:
        usable = jwt.PyJWKSet(keys).keys
    except jwt.PyJWKSetError:
        return {}
    return {key.key_id or "": key for key in usable if key.public_key_use in (None, "sig")}


def _unavailable() -> Unavailable:
    return Unavailable("keys-unavailable", reason="keys")
