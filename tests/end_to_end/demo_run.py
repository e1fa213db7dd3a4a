"""The demo with half of the sample, and services killed meanwhile."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from distretti.client.api import connect
from distretti.client.sources import Source, read_source
from distretti.devstack.stack import Stack
from shared.chassis.progress import Advance, Begin
from tools.demo.run import Demo

STEP = {"registry": "members", "matching": "interests", "events": "meetings", "notifications": "registrations"}
"""The step of the demo in which a service is killed: the one with most load on it."""
LINES = read_source(None).lines
IMPORTED, NEW = LINES[::2], LINES[1]
"""The members of the demo, and one that is not imported."""


class Killer:
    """Kills each of its services once, halfway through that service's step of the demo."""

    def __init__(self, services: Sequence[str]) -> None:
        self._to_kill = {STEP[service]: service for service in services}
        self.killed: set[str] = set()

    def begin(self, stack: Stack) -> Begin:
        def begin_step(name: str, steps: int) -> Advance:
            done = 0

            def step(count: int) -> None:
                nonlocal done
                done += count
                if done * 2 >= steps and name in self._to_kill:
                    service = self._to_kill.pop(name)
                    self.killed.add(service)
                    stack.kill(service)

            return step

        return begin_step


async def run_demo(stack: Stack, killed: Sequence[str] = ()) -> dict[str, Any]:
    """Run the demo on a fresh system, kill these services meanwhile, and return its report, which is sound."""
    killer = Killer(killed)
    async with connect(stack.gateway_url, stack.issuer) as client:
        demo = Demo(stack, client, killer.begin(stack), Source(IMPORTED))
        await demo.run()
    assert killer.killed == set(killed)
    assert {name for name, child in stack.supervisor.children().items() if child.restarts} == killer.killed
    assert demo.report.sound, demo.report
    return asdict(demo.report)
