"""The issuer's keys: fetched again by age, used beyond it where the issuer is away, and nobody waits for a slow one."""

import asyncio
import json
from pathlib import Path

import pytest

from distretti.devstack.token_issuer import Issuer, open_issuer
from shared.chassis.errors import Unauthenticated, Unavailable
from shared.chassis.http.auth import Tokens
from tests.chassis.http.test_auth import LOCAL, KeySet, signed
from tests.lib.services import eventually


async def test_new_keys_are_fetched_when_one_is_unknown(issuer: Issuer, tmp_path: Path) -> None:
    keys = KeySet(issuer.jwks.read_bytes())
    newer = open_issuer(tmp_path / "newer")
    async with keys.served() as tokens:
        for _ in range(5):
            await tokens.check(signed(issuer))
        assert keys.requests == 1

        keys.content = newer.jwks.read_bytes()
        for _ in range(5):
            with pytest.raises(Unauthenticated, match="token-signature"):
                await tokens.check(signed(newer))
        assert keys.requests == 1, "whoever sends unknown key ids must not make us ask at every request"

        keys.clock.seconds += 31
        assert (await tokens.check(signed(newer))).subject == "u"
        with pytest.raises(Unauthenticated):
            await tokens.check(signed(issuer))


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 500), (b"<html>", 200), (b"{}", 200), (b"[]", 200), (b'{"keys": []}', 200), (b'{"keys": 7}', 200), (b"[[1]]", 200)],
)
async def test_without_keys_the_answer_is_try_again(issuer: Issuer, content: bytes, status: int) -> None:
    keys = KeySet(content, status)
    async with keys.served() as tokens:
        with pytest.raises(Unavailable):
            await tokens.check(signed(issuer))
        keys.content, keys.status = issuer.jwks.read_bytes(), 200
        keys.clock.seconds += 6
        assert (await tokens.check(signed(issuer))).subject == "u"


async def test_an_issuer_that_is_gone_is_try_again(issuer: Issuer, tmp_path: Path) -> None:
    for url in ("http://127.0.0.1:9/jwks.json", (tmp_path / "absent.json").as_uri()):
        with pytest.raises(Unavailable):
            await Tokens(LOCAL.model_copy(update={"auth_jwks_url": url})).check(signed(issuer))


async def test_a_withdrawn_key_is_refused_once_the_keys_are_of_age(issuer: Issuer, tmp_path: Path) -> None:
    keys = KeySet(issuer.jwks.read_bytes())
    newer = open_issuer(tmp_path / "newer")
    async with keys.served(auth_keys_age=300) as tokens:
        await tokens.check(signed(issuer))
        keys.content = newer.jwks.read_bytes()
        keys.clock.seconds += 301
        with pytest.raises(Unauthenticated, match="token-signature"):
            await tokens.check(signed(issuer))
        assert (await tokens.check(signed(newer))).subject == "u"
        keys.content = b'{"keys": []}'
        keys.clock.seconds += 301
        with pytest.raises(Unavailable):
            await tokens.check(signed(newer))


async def test_keys_are_used_beyond_their_age_within_the_grace_where_the_issuer_is_away(
    issuer: Issuer,
) -> None:
    keys = KeySet(issuer.jwks.read_bytes())
    async with keys.served(auth_keys_age=300, auth_keys_grace=3600) as tokens:
        await tokens.check(signed(issuer))
        keys.status = 503
        keys.clock.seconds += 3800
        assert (await tokens.check(signed(issuer))).subject == "u"
        keys.clock.seconds += 101
        with pytest.raises(Unavailable):
            await tokens.check(signed(issuer))
        keys.status = 200
        keys.clock.seconds += 6
        assert (await tokens.check(signed(issuer))).subject == "u"


async def test_a_key_for_encryption_signs_nothing(issuer: Issuer) -> None:
    [key] = json.loads(issuer.jwks.read_text())["keys"]
    async with KeySet(json.dumps({"keys": [key | {"use": "enc"}]}).encode()).served() as tokens:
        with pytest.raises(Unavailable):
            await tokens.check(signed(issuer))


async def test_known_keys_serve_while_the_issuer_is_slow_and_then_gone(issuer: Issuer) -> None:
    keys = KeySet(issuer.jwks.read_bytes())
    async with keys.served() as tokens:
        await tokens.check(signed(issuer))
        keys.status = 503
        keys.clock.seconds += 31
        keys.answering.clear()
        unknown_key = asyncio.create_task(tokens.check(signed(issuer, kid="unknown")))

        async def asked_again() -> bool:
            return keys.requests == 2

        await eventually(asked_again)
        async with asyncio.timeout(2):
            assert (await tokens.check(signed(issuer))).subject == "u"
        keys.answering.set()
        with pytest.raises(Unavailable):
            await unknown_key
        assert (await tokens.check(signed(issuer))).subject == "u"


async def test_unknown_key_ids_do_not_queue_up_behind_a_slow_issuer(issuer: Issuer) -> None:
    keys = KeySet(issuer.jwks.read_bytes())
    async with keys.served() as tokens:
        await tokens.check(signed(issuer))
        keys.status = 503
        keys.clock.seconds += 31
        keys.answering.clear()
        unknown_keys = [asyncio.create_task(tokens.check(signed(issuer, kid=f"unknown-{number}"))) for number in range(20)]

        async def asked_again() -> bool:
            return keys.requests == 2

        await eventually(asked_again)
        keys.answering.set()
        answers = await asyncio.gather(*unknown_keys, return_exceptions=True)
        assert {type(answer) for answer in answers} == {Unavailable}
        assert keys.requests == 2
        assert (await tokens.check(signed(issuer))).subject == "u"
