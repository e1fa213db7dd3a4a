"""The whole way on a whole system: its report is sound, and killing a service in the middle changes nothing in it."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from deploy.journey.client import connect
from deploy.journey.journey import Journey
from deploy.journey.sources import Source, read_source
from deploy.local.stack import Stack

MAY_DIFFER = {"seconds", "domain_events", "messages_repeated"}
LEG = {"registry": "members", "matching": "interests", "events": "meetings", "notifications": "registrations"}


class Killer:
    """Kills each of its services once, when half of that service's leg of the journey is done."""

    def __init__(self, *services: str) -> None:
        self._to_kill = {LEG[service]: service for service in services}
        self.killed: set[str] = set()

    def begin(self, stack: Stack) -> Callable[[str, int], Callable[[int], None]]:
        def leg(name: str, steps: int) -> Callable[[int], None]:
            done = 0

            def step(count: int) -> None:
                nonlocal done
                done += count
                if done * 2 >= steps and name in self._to_kill:
                    service = self._to_kill.pop(name)
                    self.killed.add(service)
                    stack.kill(service)

            return step

        return leg


async def walk(directory: Path, killer: Killer) -> tuple[dict[str, Any], bool]:
    """Walk the journey on a fresh system with half of the sample; return its report, and whether it is sound."""
    stack = Stack(directory)
    source = Source(read_source(None).lines[::2])
    async with stack, connect(stack.gateway_url, stack.issuer) as client:
        journey = Journey(stack, client, killer.begin(stack), source)
        await journey.walk()
        restarted = {name for name, child in stack.supervisor.children().items() if child.restarts}
        assert restarted == killer.killed
    return asdict(journey.report), journey.report.sound


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report of a journey in which nothing was killed."""
    report, sound = asyncio.run(walk(tmp_path_factory.mktemp("undisturbed"), Killer()))
    assert sound, report
    return report


def test_the_report_is_sound(undisturbed: dict[str, Any]) -> None:
    assert undisturbed["members"] == 31
    assert all(count > 0 for count in undisturbed["suggestions"].values())
    assert undisturbed["meetings_scheduled"] + undisturbed["meetings_unplaced"] > 10
    assert undisturbed["messages_seen_by_smtp"] == undisturbed["messages_sent"] == undisturbed["messages_in_app"]
    assert undisturbed["messages_repeated"] == 0
    assert undisturbed["audit"]["differences"] == undisturbed["audit"]["waiting"] == 0


# Two services a journey, each in its own leg: a journey for each would take the suite a minute longer.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("services", [("registry", "events"), ("matching", "notifications")], ids="-".join)
def test_a_kill_in_the_middle_changes_nothing(services: tuple[str, str], undisturbed: dict[str, Any], tmp_path: Path) -> None:
    killer = Killer(*services)
    report, sound = asyncio.run(walk(tmp_path, killer))
    assert killer.killed == set(services)
    assert {name: value for name, value in report.items() if name not in MAY_DIFFER} == {
        name: value for name, value in undisturbed.items() if name not in MAY_DIFFER
    }
    assert report["messages_repeated"] == 0 or "notifications" in services
    assert sound
