"""The chaos test itself: a short one is sound, and one on a broken inbox reports the violations."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tools.chaos.report import Report
from tools.chaos.run import ChaosTest, Plan, make_stack, schedule_of

BROKEN = (sys.executable, "-m", "tests.tools.chaos.broken_notifications")


async def run(directory: Path, plan: Plan, commands: Mapping[str, Sequence[str]] | None = None) -> Report:
    stack = make_stack(directory, commands)
    async with stack:
        return await ChaosTest(stack, plan, print).run()


# This seed draws five kinds: a lease lost, a group rewound, a rebalance, the broker paused, a service killed.
@pytest.mark.timeout(400)
async def test_a_short_drill_is_sound(tmp_path: Path) -> None:
    report = await run(tmp_path, Plan(faults=5, seed=38, rate=10))
    assert report.sound, report.findings
    assert report.commands_acknowledged > 100
    assert sum(times["times"] for times in report.recovery_seconds.values()) == 5


@pytest.mark.timeout(400)
async def test_a_drill_on_a_broken_inbox_reports_duplicates(tmp_path: Path) -> None:
    # A rewind repeats all records, so the duplicates do not depend on which records a slow machine had by then.
    plan = Plan(faults=1, seed=2, rate=10, only=("rewind",))
    assert [fault.target for fault in schedule_of(plan)] == ["notifications"]
    report = await run(tmp_path, plan, {"notifications": BROKEN, "notifications-2": BROKEN})
    assert not report.sound
    duplicated = [finding for finding in report.findings if finding["violation"] == "duplicated"]
    assert report.duplicated == len(duplicated) > 0, report.findings
    assert any(finding["location"] == "notifications.messages" for finding in duplicated)
