"""The demo on a whole system: killing every service, each in the middle of its work, changes nothing."""

from pathlib import Path
from typing import Any

import pytest

from distretti.devstack.stack import Stack
from tests.end_to_end.demo_run import STEP, run_demo

MAY_DIFFER = {"seconds", "domain_events", "messages_repeated"}


@pytest.mark.timeout(400)
async def test_a_kill_in_the_middle_changes_nothing(reports: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    if "undisturbed" not in reports:
        async with Stack(tmp_path / "undisturbed") as stack:
            reports["undisturbed"] = await run_demo(stack)
    undisturbed = reports["undisturbed"]
    async with Stack(tmp_path / "killed") as stack:
        killed = await run_demo(stack, tuple(STEP))
    assert {name: value for name, value in killed.items() if name not in MAY_DIFFER} == {
        name: value for name, value in undisturbed.items() if name not in MAY_DIFFER
    }
