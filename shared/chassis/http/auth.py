"""Bearer tokens: signed by the OIDC issuer, checked against its JWKS; roles and what they are for."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

import jwt
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.chassis.config import Settings
from shared.chassis.errors import Forbidden, Unauthenticated
from shared.chassis.http.claims import read_claims
from shared.chassis.http.signing_keys import SigningKeys
from shared.chassis.texts import Message, text

ALGORITHMS = ["ES256", "RS256"]
REASONS: Mapping[type[jwt.InvalidTokenError], Message] = {
    jwt.ExpiredSignatureError: text("token-expired"),
    jwt.ImmatureSignatureError: text("token-early"),
    jwt.InvalidAudienceError: text("token-of-others"),
    jwt.InvalidIssuerError: text("token-of-others"),
    jwt.InvalidSignatureError: text("token-signature"),
    jwt.MissingRequiredClaimError: text("token-incomplete"),
    jwt.InvalidTokenError: text("token-unreadable"),
}
"""Why a token is refused, the last for all other reasons: the library speaks English alone."""
LEEWAY = 5
"""Seconds that the clocks of the issuer and of a service may differ."""
MOST_CHECKED = 4096
"""Tokens that a process remembers: only valid ones, the oldest goes first."""
bearer = HTTPBearer(auto_error=False, description="A token of the issuer; locally `distretti token` prints one.")


@dataclass(frozen=True)
class Principal:
    """The sender of a request. A member acts for one organisation, a manager in the districts that it manages."""

    subject: str
    roles: frozenset[str]
    member: str | None
    managed_districts: frozenset[str]

    @property
    def caller(self) -> str:
        """By what its share of what is scarce is counted: all tokens of an organisation are one caller."""
        return f"member:{self.member}" if self.member else f"subject:{self.subject}"

    def acts_for(self, member: str) -> bool:
        """Whether it may act for this organisation."""
        return "operator" in self.roles or self.is_member(member)

    def is_member(self, member: str) -> bool:
        """Whether it is this organisation itself, and nobody in its name."""
        return "member" in self.roles and self.member == member

    def manages(self, districts: set[str]) -> bool:
        """Whether it manages at least one of these districts."""
        return "operator" in self.roles or bool(self.managed & districts)

    def manages_all(self, districts: set[str]) -> bool:
        """Whether it manages every one of these districts."""
        return "operator" in self.roles or districts <= self.managed

    @property
    def managed(self) -> frozenset[str]:
        """The districts of a manager; none of anybody else, whatever the token says."""
        return self.managed_districts if "manager" in self.roles else frozenset()


@dataclass(frozen=True)
class CheckedToken:
    """What a valid token says, for as long as the issuer's key is the one that it was verified with."""

    key_id: str
    key: jwt.PyJWK
    expires: int
    principal: Principal


class Tokens:
    """Checks tokens. The signature of one that is sent again is not verified again, while the issuer's keys are the same."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._keys = SigningKeys(settings, clock)
        self._checked: dict[str, CheckedToken] = {}

    async def check(self, token: str) -> Principal:
        """Return the principal of a token. Raises Unauthenticated with the reason, Unavailable without keys."""
        try:
            checked = self._checked.get(token)
            if checked is None or not await self._is_still_valid(checked):
                checked = await self._verify(token)
                self._remember(token, checked)
        except jwt.InvalidTokenError as error:
            reason = next(reason for kind, reason in REASONS.items() if isinstance(error, kind))
            raise Unauthenticated("token-refused", reason=reason) from error
        return checked.principal

    async def _is_still_valid(self, checked: CheckedToken) -> bool:
        """Whether its key is the issuer's and its time has not come. Raises jwt.InvalidTokenError for a key that was withdrawn."""
        return await self._keys.key(checked.key_id) is checked.key and time.time() < checked.expires + LEEWAY

    def _remember(self, token: str, checked: CheckedToken) -> None:
        self._checked.pop(token, None)
        if len(self._checked) >= MOST_CHECKED:
            del self._checked[next(iter(self._checked))]
        self._checked[token] = checked

    async def _verify(self, token: str) -> CheckedToken:
        key_id = jwt.get_unverified_header(token).get("kid", "")
        key = await self._keys.key(key_id)
        payload = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=self._settings.auth_audience,
            issuer=self._settings.auth_issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
        claims = read_claims(payload, self._settings)
        sender = Principal(claims.sub, frozenset(claims.roles), claims.member, frozenset(claims.manages))
        return CheckedToken(key_id, key, int(claims.exp), sender)


async def principal(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Principal:
    """The sender of this request, checked once. Raises Unauthenticated without a valid token."""
    checked: Principal | None = getattr(request.state, "principal", None)
    if checked is not None:
        return checked
    if credentials is None:
        raise Unauthenticated("token-missing")
    tokens: Tokens = request.app.state.tokens
    request.state.principal = sender = await tokens.check(credentials.credentials)
    return sender


async def authenticate(request: Request, required: bool) -> Principal | None:
    """The sender of a request, before any of its body is read. Raises Unauthenticated for a token that is not valid, or missing."""
    credentials = await bearer(request)
    return await principal(request, credentials) if credentials or required else None


CurrentPrincipal = Annotated[Principal, Depends(principal)]


def require(allowed: bool, who_may: Message) -> None:
    """Raise Forbidden, saying who may, unless allowed."""
    if not allowed:
        raise Forbidden("not-allowed", message=who_may)
