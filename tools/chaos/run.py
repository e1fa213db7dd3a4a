"""One drill from its beginning to its report."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from distretti.client.api import Client, connect
from distretti.client.wait_until_idle import wait_until_idle
from distretti.devstack.errors import NotStarted
from distretti.devstack.programs import service_names
from distretti.devstack.stack import Stack
from shared.contracts.topics import CATALOGUE
from tools.chaos import canary
from tools.chaos.client import Commander
from tools.chaos.consumer_groups import groups
from tools.chaos.expectations import Ledger, Member
from tools.chaos.fault_plan import INFRASTRUCTURE, Fault, Field, make_schedule
from tools.chaos.faults import Breaker
from tools.chaos.findings import Finding
from tools.chaos.load import Driver
from tools.chaos.report import Report, recovery
from tools.chaos.verify import Books, check
from tools.chaos.verify_messages import Disturbance

REPLICATED = "notifications"
SETTINGS = {"DISTRETTI_KAFKA_SESSION_TIMEOUT": "6"}
"""The shortest the broker allows, so that a pause outlasts it."""
REQUEST_SECONDS, COMMAND_SECONDS, AT_ONCE = 5, 120, 64
RECOVERY_SECONDS, REST_SECONDS = 150, 180
WARM_UP_SECONDS = 4
CALM_SECONDS = 2
"""Longer than a consumer takes to look again at what waits for a fact."""


@dataclass(frozen=True)
class Plan:
    """What to do: how many faults, drawn by which seed, at how many commands a second; `only` some kinds of fault."""

    faults: int
    seed: int
    rate: float
    only: tuple[str, ...] = ()


@dataclass
class ChaosTest:
    """A drill on a running stack. `tell` hears one sentence for each fault."""

    stack: Stack
    plan: Plan
    tell: Callable[[str], None]
    ledger: Ledger = field(default_factory=Ledger)
    findings: list[Finding] = field(default_factory=list)
    recovered: list[tuple[str, float]] = field(default_factory=list)
    disturbances: list[Disturbance] = field(default_factory=list)

    async def run(self) -> Report:
        """Break the system under load, let it come to rest, check the books."""
        started = time.monotonic()
        report = Report(self.plan.faults, self.plan.seed, self.plan.rate)
        async with connect(self.stack.gateway_url, self.stack.issuer, REQUEST_SECONDS, COMMAND_SECONDS, AT_ONCE) as client:
            await self._break_under_load(client)
            await self._rest(client)
        books = Books(self.ledger, self.stack.settings(), self.stack.data_dir / "mail", self.disturbances)
        await check(books, self.findings, report)
        report.recovery_seconds = recovery(self.recovered)
        report.seconds = round(time.monotonic() - started, 1)
        return report

    async def _break_under_load(self, client: Client) -> None:
        driver = Driver(client, self.ledger, self.plan.rate, self.plan.seed)
        async with connect(self.stack.gateway_url, self.stack.issuer, REQUEST_SECONDS, COMMAND_SECONDS) as apart:
            # The canaries have a client of their own, so that they do not queue behind the load.
            lone = Commander(apart, self.ledger, lambda: asyncio.sleep(0))
            await driver.open_districts(lone)
            await wait_until_idle(apart, self.stack.addresses())
            partner = await driver.prepare(lone)
            driver.start()
            try:
                await driver.warm_up(int(self.plan.rate * WARM_UP_SECONDS))
                breaker = Breaker(self.stack, groups(self.stack.settings()))
                for number, fault in enumerate(schedule_of(self.plan), 1):
                    await asyncio.sleep(fault.gap)
                    await self._one_fault(breaker, lone, partner, number, fault)
            finally:
                self.tell("Every fault is done; the load ends.")
                await driver.stop()

    async def _one_fault(self, breaker: Breaker, lone: Commander, partner: Member, number: int, fault: Fault) -> None:
        begin = time.time()
        await breaker.do(fault)
        over = time.monotonic()
        try:
            async with asyncio.timeout(RECOVERY_SECONDS):
                await asyncio.gather(*map(self._until_ready, self.stack.supervisor.children()))
            await canary.fly(lone, partner, number, RECOVERY_SECONDS)
        except Exception as error:
            self.findings.append(Finding("stuck", f"fault {number}: {fault.label}", f"no recovery: {error!r}"))
        seconds = time.monotonic() - over
        self.recovered.append((fault.label, seconds))
        if fault.kind in ("kill", "pause") and fault.target in (REPLICATED, *INFRASTRUCTURE):
            self.disturbances.append(Disturbance(begin, time.time()))
        done = len(self.ledger.effects)
        self.tell(f"{number}/{self.plan.faults} {fault.label} ({fault.target}): well after {seconds:.1f} s; {done} commands done.")

    async def _until_ready(self, name: str) -> None:
        """Wait beyond the patience of the supervisor: a slow machine is no finding."""
        while True:
            with suppress(NotStarted):
                return await self.stack.until_ready(name)

    async def _rest(self, client: Client) -> None:
        try:
            async with asyncio.timeout(REST_SECONDS):
                await wait_until_idle(client, self.stack.addresses(), CALM_SECONDS)
        except TimeoutError:
            self.findings.append(Finding("stuck", "rest", f"the system did not come to rest within {REST_SECONDS} s"))


def schedule_of(plan: Plan) -> tuple[Fault, ...]:
    """Draw the faults of a plan on this system."""
    topics = tuple(topic.name for topic in CATALOGUE)
    return make_schedule(plan.faults, plan.seed, Field(service_names(), REPLICATED, topics), plan.only)


def make_stack(directory: Path, commands: Mapping[str, Sequence[str]] | None = None) -> Stack:
    """Prepare the system a drill breaks; `commands` runs another program for a process, by its name."""
    env = dict.fromkeys(service_names(), SETTINGS)
    return Stack(directory, replicas={REPLICATED: 2}, env=env, commands=commands or {})
