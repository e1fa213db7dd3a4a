"""Helpers for tests that ask the answering process."""

from dataclasses import replace
from typing import Any

import httpx2

from services.matching.main import SERVICE
from services.matching.search.engine.client import Answering
from tests.lib.services import eventually

LONGEST_START = 120
"""Seconds. To load scikit-learn takes some seconds of CPU: a minute and more where many others want it too."""
ANSWERING = replace(SERVICE, workers=lambda runtime: (Answering(runtime.settings),))
"""Matching with its answering process alone."""


async def answered(http: httpx2.AsyncClient, wish: dict[str, Any], headers: dict[str, str], names: set[str]) -> dict[str, Any]:
    """Ask until just these members are named, and return the answer."""

    async def ask() -> dict[str, Any] | None:
        answer = await http.post("/v1/answers", json=wish, headers=headers)
        if answer.status_code == 503:
            assert answer.headers["retry-after"]
            return None
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body if {one["partner"] for one in body["answers"]} == names else None

    found = await eventually(ask, LONGEST_START)
    assert found is not None
    return found
