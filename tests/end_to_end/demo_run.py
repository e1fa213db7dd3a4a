"""A journey with half of the sample, and services killed on its way."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from distretti.client.api import connect
from distretti.client.sources import Source, read_source
from distretti.devstack.stack import Stack
from tools.demo.run import Demo

LEG = {"registry": "members", "matching": "interests", "events": "meetings", "notifications": "registrations"}
"""In which leg of the journey a service is killed: the one that asks most of it."""
LINES = read_source(None).lines
WALKED, NEW = LINES[::2], LINES[1]
"""Who is on the journey, and one who is not."""


class Killer:
    """Kills each of its services once, when half of that service's leg of the journey is done."""

    def __init__(self, services: Sequence[str]) -> None:
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


async def walk(stack: Stack, killed: Sequence[str] = ()) -> dict[str, Any]:
    """Walk the journey on a fresh system, kill these services on the way, and return its report, which is sound."""
    killer = Killer(killed)
    async with connect(stack.gateway_url, stack.issuer) as client:
        demo = Demo(stack, client, killer.begin(stack), Source(WALKED))
        await demo.run()
    assert killer.killed == set(killed)
    assert {name for name, child in stack.supervisor.children().items() if child.restarts} == killer.killed
    assert demo.report.sound, demo.report
    return asdict(demo.report)
