"""Anna, those suggested to her, and matching's routes over HTTP."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.matching.projections.brokerage_events import DISTRICTS
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from tests.lib.services import bearer, serving
from tests.matching.factories import ROUTES, put_list, put_member, suggestion

LASER, ROBOTS = "ict-photonics/photonics", "smart-factory/robotics"
PATH = "/v1/members/anna/suggestions"
HIDDEN = {"nature": "product", "title": "x", "topics": [ROBOTS], "visibility": "district"}


class World:
    """Anna and those suggested to her."""

    def __init__(self, runtime: Runtime, http: httpx2.AsyncClient, headers: dict[str, str]) -> None:
        self.mongo = runtime.mongo
        self.runtime = runtime
        self.http = http
        self.headers = headers

    async def get(self, query: str = "", **headers: str) -> httpx2.Response:
        return await self.http.get(f"{PATH}?{query}", headers=self.headers | headers)

    async def partners(self, query: str = "") -> dict[str, list[str]]:
        suggestions = (await self.get(query)).json()["suggestions"]
        return {mode: [item["partner"] for item in items] for mode, items in suggestions.items()}


@pytest.fixture
async def world(settings: Settings, issuer: Issuer) -> AsyncIterator[World]:
    async with serving(ROUTES, settings) as (runtime, http):
        mongo = runtime.mongo
        await mongo[DISTRICTS.collection].insert_many([{"_id": id, "name": {}} for id in ("marble", "fashion")])
        await put_member(mongo, "anna")
        await put_member(mongo, "bruno", profile={"topics": [LASER]}, districts=["marble", "fashion"])
        await put_member(mongo, "carla", offers={"o": HIDDEN})
        await put_member(mongo, "dora", districts=["fashion"], offers={"o": HIDDEN})
        await put_member(mongo, "lab", kind="research-organisation", profile={"topics": [LASER]})
        await put_list(
            mongo,
            "anna",
            b2b=[suggestion("bruno", 0.6), suggestion("carla", 0.4), suggestion("dora", 0.2)],
            r2b=[suggestion("lab", 0.5)],
        )
        yield World(runtime, http, bearer(issuer, "member", "anna"))


async def waits(runtime: Runtime, count: int) -> bool:
    watcher = runtime.workers[0]
    return bool(watcher.waiting == count)  # type: ignore[attr-defined]
