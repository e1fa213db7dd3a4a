"""A running registry with one district."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from tests.lib.services import bearer, serving
from tests.registry.factories import DISTRICT, application

Headers = dict[str, str]


@dataclass(frozen=True)
class Registry:
    """The service, a client of it, and tokens to call it with."""

    runtime: Runtime
    http: httpx2.AsyncClient
    issuer: Issuer

    @property
    def operator(self) -> Headers:
        return bearer(self.issuer, "operator")

    async def apply(self, **changes: object) -> str:
        """Apply for membership; the id of the member."""
        answer = await self.http.post("/v1/members", json=application(**changes), headers=bearer(self.issuer, "member"))
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["id"]
        return id

    async def approved(self, **changes: object) -> str:
        """Apply and be approved; the id of the member."""
        id = await self.apply(**changes)
        assert (await self.http.post(f"/v1/members/{id}/approve", headers=self.operator)).status_code == 200
        return id


@pytest.fixture
async def registry(settings: Settings, issuer: Issuer) -> AsyncIterator[Registry]:
    async with serving(SERVICE, settings) as (runtime, http):
        assert (await http.post("/v1/districts", json=DISTRICT, headers=bearer(issuer, "operator"))).status_code == 201
        yield Registry(runtime, http, issuer)
