"""One whole system for the tests of this folder, on which the demo was run."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from distretti.devstack.stack import Stack
from distretti.devstack.sync_context import in_background
from tests.end_to_end.demo_run import run_demo


@pytest.fixture(scope="package")
def demo_stack(reports: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A system on which the demo was run without kills; its report is kept."""
    with in_background(Stack(tmp_path_factory.mktemp("demo"))) as stack:
        reports["undisturbed"] = asyncio.run(run_demo(stack))
        yield stack
