"""The client waits as long as Retry-After says, within bounds, and retries with the same Idempotency-Key."""

import asyncio
from itertools import pairwise

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from distretti.client.api import LONGEST_PAUSE_SECONDS, PAUSE_SECONDS, connect, pause_after
from distretti.devstack.token_issuer import Issuer
from tests.lib.services import listening


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        ("2", 2.0),
        ("0", PAUSE_SECONDS),
        ("86400", LONGEST_PAUSE_SECONDS),
        ("Wed, 21 Oct 2026 07:28:00 GMT", PAUSE_SECONDS),
        ("²", PAUSE_SECONDS),
    ],
)
def test_the_pause_is_what_was_asked_for_within_bounds(retry_after: str, pause: float) -> None:
    assert pause_after(httpx2.Response(503, headers=[(b"Retry-After", retry_after.encode())])) == pause


async def test_a_full_house_is_asked_again_after_the_time_it_names(issuer: Issuer) -> None:
    app, requests = FastAPI(), list[tuple[float, str]]()

    @app.post("/thing")
    async def thing(request: Request) -> Response:
        requests.append((asyncio.get_running_loop().time(), request.headers["Idempotency-Key"]))
        return (
            Response("{}")
            if len(requests) == 3
            else Response(status_code=503 if len(requests) == 1 else 429, headers={"Retry-After": "1"})
        )

    async with listening(app) as base, connect(base, issuer) as client:
        assert await client.post("/thing", {}) == {}
    moments, keys = zip(*requests, strict=True)
    assert len(set(keys)) == 1
    assert all(after - before >= 0.9 for before, after in pairwise(moments))
