"""One whole system for the tests of this folder, on which the journey was walked."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.background import in_background
from deploy.local.stack import Stack
from tests.journeys.walking import walk


@pytest.fixture(scope="package")
def walked(reports: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A system that has walked the journey, with nothing killed on the way; its report is kept."""
    with in_background(Stack(tmp_path_factory.mktemp("walked"))) as stack:
        reports["undisturbed"] = asyncio.run(walk(stack))
        yield stack
