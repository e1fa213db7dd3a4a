"""Helpers for tests with the search engine's process."""

from dataclasses import replace
from typing import Any

import httpx2

from services.matching.main import SERVICE
from services.matching.search.engine.client import SearchEngine
from tests.lib.services import eventually

LONGEST_START = 120
"""Seconds. Loading scipy takes some seconds of CPU: a minute and more where many others want it too."""
SEARCH_ENGINE = replace(SERVICE, workers=lambda runtime: (SearchEngine(runtime.settings),))
"""Matching with its search engine alone."""


async def answered(http: httpx2.AsyncClient, wish: dict[str, Any], headers: dict[str, str], names: set[str]) -> dict[str, Any]:
    """Search until exactly these suppliers are found, and return the answer."""

    async def search() -> dict[str, Any] | None:
        answer = await http.post("/v1/answers", json=wish, headers=headers)
        if answer.status_code == 503:
            assert answer.headers["retry-after"]
            return None
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body if {supplier["partner"] for supplier in body["answers"]} == names else None

    body = await eventually(search, LONGEST_START)
    assert body is not None
    return body
