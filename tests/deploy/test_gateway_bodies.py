"""Bodies and imports through a real Caddy, in front of a real registry."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE
from shared.chassis.config import Settings
from tests.lib.gateway import gateway
from tests.lib.services import bearer, serving
from tests.lib.streamed_import import streamed_import
from tests.lib.unfinished import status_of, unfinished
from tests.registry.factories import DISTRICT, application

IMPORT = "/registry/v1/members/import"


@pytest.fixture
async def address(settings: Settings, issuer: Issuer, tmp_path: Path) -> AsyncIterator[str]:
    few_places = settings.model_copy(update={"requests_at_once": 4, "requests_waiting": 0, "root_path": "/registry"})
    async with serving(SERVICE, few_places) as (_, http):
        await http.post("/v1/districts", json=DISTRICT, headers=bearer(issuer, "operator"))
        async with gateway(tmp_path, {"registry": str(http.base_url).rstrip("/")}) as url:
            yield url


async def test_imports_of_any_length_and_framing_are_whole(address: str, issuer: Issuer) -> None:
    line = json.dumps(application(contact={"name": "R", "email": "r@x.example"})).encode() + b"\n"

    async def pieces(content: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    async with httpx2.AsyncClient(base_url=address, timeout=30) as http:
        for count, rounds in ((1, 20), (600, 2)):
            content = line + b'{"name": "wrong"}\n' * (count - 1)
            for _ in range(rounds):
                for body in (content, pieces(content)):
                    answer = await http.post(IMPORT, content=body, headers=bearer(issuer, "operator"))
                    *results, last = [json.loads(result) for result in answer.text.splitlines()]
                    assert (last["status"], last["lines"], len(results)) == ("complete", count, count)


async def test_results_come_through_the_gateway_while_lines_are_sent(address: str, issuer: Issuer) -> None:
    async with asyncio.timeout(20), streamed_import(address, bearer(issuer, "operator"), IMPORT) as importing:
        for number in range(3):
            await importing.send(b"{}\n")
            assert (await importing.result())["line"] == number + 1
        await importing.send(b"")
        assert (await importing.result())["status"] == "complete"


@pytest.mark.parametrize(
    "path", ["/registry/v1/members", "/registry/v1/members/import/offers", "/registry/v1/offers/import", IMPORT]
)
async def test_unfinished_bodies_without_a_token_hold_up_no_request(address: str, issuer: Issuer, path: str) -> None:
    async with unfinished(address, path, {}, 40), httpx2.AsyncClient(base_url=address, timeout=10) as http:
        for _ in range(10):
            answer = await http.post("/registry/v1/members", json=application(), headers=bearer(issuer, "operator"))
            assert answer.status_code in (201, 409)


async def test_an_import_without_a_token_is_refused_before_its_body(address: str) -> None:
    async with asyncio.timeout(4), unfinished(address, IMPORT, {}, 1) as [connection]:
        assert await status_of(connection) == 401


async def test_a_body_that_is_too_long_is_refused_at_the_gateway(address: str, issuer: Issuer) -> None:
    async with httpx2.AsyncClient(base_url=address, timeout=10) as http:
        answer = await http.post("/registry/v1/members", content=b" " * 600_000, headers=bearer(issuer, "operator"))
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
