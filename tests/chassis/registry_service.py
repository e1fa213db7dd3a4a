"""The registry, to show on it what every service answers over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from tests.lib.services import bearer, serving
from tests.registry.factories import DISTRICT

Registry: TypeAlias = tuple[Runtime, httpx2.AsyncClient, dict[str, str]]


@asynccontextmanager
async def registry(settings: Settings, issuer: Issuer) -> AsyncIterator[Registry]:
    """The registry with one district, and the headers of an operator."""
    operator = bearer(issuer, "operator")
    async with serving(SERVICE, settings) as (runtime, http):
        (await http.post("/v1/districts", json=DISTRICT, headers=operator)).raise_for_status()
        yield runtime, http, operator


def summary(answer: httpx2.Response) -> tuple[int, str, list[str]]:
    """Status, kind of problem and wrong fields, of an answer that must be a whole problem+json."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    assert all(error["rule"] and error["message"] for error in body.get("errors", []))
    fields = [error["field"] for error in body.get("errors", [])]
    return answer.status_code, body["type"].removeprefix("urn:distretti:problem:"), fields
