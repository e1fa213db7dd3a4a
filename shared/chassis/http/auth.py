"""Bearer tokens: signed by the OIDC issuer, checked against its JWKS; roles and what they are for."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import httpx2
import jwt
import structlog
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.chassis.config import Settings
from shared.chassis.errors import Forbidden, Unauthenticated, Unavailable
from shared.chassis.texts import Message

log = structlog.get_logger()
ALGORITHMS = ["ES256", "RS256"]
REFETCH_SECONDS = 30
FAILED_SECONDS = 2
"""An issuer that did not answer is not asked again for so long: requests behind the lock would each wait for it."""
bearer = HTTPBearer(auto_error=False, description="A token of the issuer; locally `distretti token` prints one.")


@dataclass(frozen=True)
class Principal:
    """The sender of a request. A member acts for one organisation, a manager for some districts."""

    subject: str
    roles: frozenset[str]
    member: str | None
    districts: frozenset[str]

    def acts_for(self, member: str) -> bool:
        """Whether it may act for this organisation."""
        return "operator" in self.roles or ("member" in self.roles and self.member == member)

    def manages(self, districts: set[str]) -> bool:
        """Whether it manages at least one of these districts."""
        return "operator" in self.roles or ("manager" in self.roles and bool(self.districts & districts))


class Tokens:
    """Checks tokens. Keys are fetched when first needed, and at most every 30 s for an unknown key id.

    One fetch at a time: requests that arrive meanwhile share its outcome, also its failure.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")
        self._failed = float("-inf")
        self._fetching = asyncio.Lock()

    async def check(self, token: str) -> Principal:
        """Return the principal of a token. Raises Unauthenticated with the reason, Unavailable without keys."""
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
            claims = jwt.decode(
                token,
                await self._key(kid),
                algorithms=ALGORITHMS,
                audience=self._settings.auth_audience,
                issuer=self._settings.auth_issuer,
                leeway=5,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("token-refused", reason=error) from error
        return Principal(
            str(claims["sub"]),
            frozenset(map(str, claims.get("roles") or ())),
            claims.get("member"),
            frozenset(map(str, claims.get("districts") or ())),
        )

    async def _key(self, kid: str) -> jwt.PyJWK:
        if kid not in self._keys:
            # Known keys never wait here: anybody can send an unknown key id while the issuer is slow.
            async with self._fetching:
                if kid not in self._keys and time.monotonic() - self._fetched > REFETCH_SECONDS:
                    if time.monotonic() - self._failed <= FAILED_SECONDS:
                        raise _keys_unavailable()
                    self._keys = await self._fetch()
                    self._fetched = time.monotonic()
        if kid not in self._keys:
            raise jwt.InvalidTokenError("its key is not one of the issuer's")
        return self._keys[kid]

    async def _fetch(self) -> dict[str, jwt.PyJWK]:
        try:
            keys = jwt.PyJWKSet.from_json(await self._read(self._settings.auth_jwks_url))
            return {key.key_id or "": key for key in keys.keys}
        except (OSError, ValueError, AttributeError, jwt.PyJWTError, httpx2.HTTPError) as error:
            log.warning("keys_unavailable", error=repr(error))
            self._failed = time.monotonic()
            raise _keys_unavailable() from error

    async def _read(self, url: str) -> str:
        if url.startswith("file://"):
            return await asyncio.to_thread(Path(url.removeprefix("file://")).read_text)
        async with httpx2.AsyncClient(timeout=5) as client:
            return (await client.get(url)).raise_for_status().text


def _keys_unavailable() -> Unavailable:
    return Unavailable("keys-unavailable", reason="keys")


async def principal(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Principal:
    """The sender of this request. Raises Unauthenticated without a valid token."""
    if credentials is None:
        raise Unauthenticated("token-missing")
    tokens: Tokens = request.app.state.tokens
    return await tokens.check(credentials.credentials)


CurrentPrincipal = Annotated[Principal, Depends(principal)]


def require(allowed: bool, who_may: Message) -> None:
    """Raise Forbidden, saying who may, unless allowed."""
    if not allowed:
        raise Forbidden("not-allowed", message=who_may)
