"""The report of a demo without kills."""

from typing import Any

import pytest

from distretti.devstack.stack import Stack
from tests.end_to_end.demo_run import IMPORTED


@pytest.mark.timeout(400)
def test_the_report_is_sound(demo_stack: Stack, reports: dict[str, dict[str, Any]]) -> None:
    report = reports["undisturbed"]
    assert report["members"] == len(IMPORTED)
    assert all(count > 0 for count in report["suggestions"].values())
    assert report["meetings_scheduled"] + report["meetings_unplaced"] > 10
    assert report["messages_seen_by_smtp"] == report["messages_sent"] == report["messages_in_app"]
    assert report["messages_repeated"] == 0
    assert report["audit"]["differences"] == report["audit"]["waiting"] == 0
