"""Bearer tokens, checked with keys fetched over a real HTTP; forged ones, keys that change, keys that are away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI, Response
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from distretti.devstack.token_issuer import AUDIENCE, ISSUER, Issuer
from shared.chassis.config import Settings
from shared.chassis.errors import Unauthenticated
from shared.chassis.http.auth import Principal, Tokens
from tests.lib.services import eventually, listening

LOCAL = Settings(auth_issuer=ISSUER, auth_audience=AUDIENCE)
"""Checking tokens needs neither database nor broker."""
OTHER_KEY = {**ECAlgorithm.to_jwk(generate_private_key(SECP256R1()).public_key(), as_dict=True), "kid": "other", "alg": "ES256"}


def claims(**changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    defaults = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u", "iat": now, "exp": now + timedelta(minutes=5), "roles": ["operator"]}
    return {name: value for name, value in (defaults | changes).items() if value is not ...}


def signed(issuer: Issuer, key: Any = None, algorithm: str = "ES256", kid: str | None = None, **changes: Any) -> str:
    return jwt.encode(claims(**changes), key or issuer.key, algorithm=algorithm, headers={"kid": kid or issuer.kid})


class Clock:
    """Seconds that pass when a test says so."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class KeySet:
    """What the issuer answers for its keys."""

    def __init__(self, content: bytes, status: int = 200) -> None:
        self.clock = Clock()
        self.content = content
        self.status = status
        self.requests = 0
        self.answering = asyncio.Event()
        self.answering.set()

    @asynccontextmanager
    async def served(self, **settings: Any) -> AsyncIterator[Tokens]:
        app = FastAPI()

        @app.get("/jwks.json")
        async def keys() -> Response:
            self.requests += 1
            await self.answering.wait()
            return Response(self.content, self.status, media_type="application/json")

        async with listening(app) as base:
            yield Tokens(LOCAL.model_copy(update={"auth_jwks_url": f"{base}/jwks.json", **settings}), self.clock)


@pytest.fixture(scope="module")
def rsa() -> RSAPrivateKey:
    return generate_rsa_key(65537, 2048)


async def test_a_good_token_says_who(issuer: Issuer, rsa: RSAPrivateKey) -> None:
    public = {**RSAAlgorithm.to_jwk(rsa.public_key(), as_dict=True), "kid": "rsa", "alg": "RS256", "use": "sig"}
    keys = json.loads(issuer.jwks.read_text())["keys"] + [public]
    async with KeySet(json.dumps({"keys": keys}).encode()).served() as tokens:
        principal = await tokens.check(signed(issuer, member="m1", manages=["marble"], roles=["member", "manager"]))
        assert principal == Principal("u", frozenset({"member", "manager"}), "m1", frozenset({"marble"}))
        assert (await tokens.check(signed(issuer, rsa, "RS256", "rsa"))).roles == {"operator"}
        assert (await tokens.check(signed(issuer, roles=None, manages=None))).roles == frozenset()


async def test_forged_tokens_are_refused_with_the_reason(issuer: Issuer, rsa: RSAPrivateKey) -> None:
    now = datetime.now(UTC)
    public = issuer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, body, signature = signed(issuer).split(".")
    payload = jwt.encode(claims(sub="somebody-else"), issuer.key, algorithm="ES256").split(".")[1]
    listed = jwt.utils.base64url_encode(b'{"alg":"ES256","kid":["x"]}')
    forged = {
        "another key": signed(issuer, generate_private_key(SECP256R1())),
        "a key id of nobody": signed(issuer, generate_private_key(SECP256R1()), kid="nobody"),
        "another kind of key": signed(issuer, rsa, "RS256"),
        "no key id": jwt.encode(claims(), issuer.key, algorithm="ES256"),
        "no signature": jwt.encode(claims(), "", algorithm="none", headers={"kid": issuer.kid}),
        "the public key as a secret": jwt.api_jws.PyJWS().encode(
            json.dumps({"iss": ISSUER, "aud": AUDIENCE, "sub": "u", "exp": 4_000_000_000}).encode(),
            jwt.utils.base64url_encode(public),
            algorithm="HS256",
            headers={"kid": issuer.kid},
        ),
        "the claims exchanged": f"{head}.{payload}.{signature}",
        "the signature cut": f"{head}.{body}.{signature[:-8]}",
        "expired": signed(issuer, iat=now - timedelta(hours=2), exp=now - timedelta(hours=1)),
        "not valid yet": signed(issuer, nbf=now + timedelta(hours=1)),
        "for somebody else": signed(issuer, aud="another-system"),
        "by somebody else": signed(issuer, iss="https://elsewhere.example"),
        "without an end": signed(issuer, exp=...),
        "without an audience": signed(issuer, aud=...),
        "of nobody": signed(issuer, sub=...),
        "no token": "nonsense",
        "three nothings": "..",
        "a key id that is none": f"{listed.decode()}.{body}.{signature}",
        "not even text": "è.è.è",
    }
    outcome: dict[str, type[Exception] | None] = {}
    async with KeySet(issuer.jwks.read_bytes()).served() as tokens:
        for name, token in forged.items():
            try:
                await tokens.check(token)
            except Exception as error:
                outcome[name] = type(error)
            else:
                outcome[name] = None
    assert outcome == dict.fromkeys(forged, Unauthenticated)


async def test_a_token_that_was_checked_once_is_refused_when_it_expires_and_when_its_key_is_withdrawn(issuer: Issuer) -> None:
    keys = KeySet(issuer.jwks.read_bytes())
    async with keys.served() as tokens:
        lasting, ending = signed(issuer), signed(issuer, exp=datetime.now(UTC) - timedelta(seconds=3))
        assert await tokens.check(lasting) is await tokens.check(lasting)
        assert (await tokens.check(ending)).subject == "u"

        async def refused() -> bool:
            try:
                await tokens.check(ending)
            except Unauthenticated as error:
                return "token-expired" in str(error)
            return False

        assert await eventually(refused)
        keys.content = json.dumps({"keys": [OTHER_KEY]}).encode()
        keys.clock.seconds += LOCAL.auth_keys_age + 1
        with pytest.raises(Unauthenticated, match="token-signature"):
            await tokens.check(lasting)


async def test_a_token_is_verified_again_when_the_key_by_its_id_is_another(issuer: Issuer) -> None:
    keys = KeySet(issuer.jwks.read_bytes())
    async with keys.served() as tokens:
        token = signed(issuer)
        await tokens.check(token)
        keys.content = json.dumps({"keys": [{**OTHER_KEY, "kid": issuer.kid}]}).encode()
        keys.clock.seconds += LOCAL.auth_keys_age + 1
        with pytest.raises(Unauthenticated, match="token-signature"):
            await tokens.check(token)
