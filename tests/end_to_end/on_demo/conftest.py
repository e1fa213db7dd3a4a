"""One whole system for the tests of this folder, on which the journey was walked."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from distretti.devstack.stack import Stack
from distretti.devstack.sync_context import in_background
from tests.end_to_end.demo_run import walk


@pytest.fixture(scope="package")
def walked(reports: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A system that has walked the journey, with nothing killed on the way; its report is kept."""
    with in_background(Stack(tmp_path_factory.mktemp("walked"))) as stack:
        reports["undisturbed"] = asyncio.run(walk(stack))
        yield stack
