"""A chaos test, from the load to the report."""

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
from tools.chaos.fault_plan import INFRASTRUCTURE, Fault, Targets, make_schedule
from tools.chaos.faults import FaultInjector
from tools.chaos.findings import Finding
from tools.chaos.load import Driver
from tools.chaos.report import Report, recovery
from tools.chaos.verify import Evidence, verify
from tools.chaos.verify_messages import Disturbance

REPLICATED = "notifications"
SETTINGS = {"DISTRETTI_KAFKA_SESSION_TIMEOUT": "6"}
"""The shortest timeout that the broker allows, so that a pause outlasts it."""
REQUEST_SECONDS, COMMAND_SECONDS, AT_ONCE = 5, 120, 64
RECOVERY_SECONDS, QUIESCENCE_SECONDS = 150, 180
WARM_UP_SECONDS = 4
IDLE_SECONDS = 2
"""Longer than the interval at which consumers re-check held events."""


@dataclass(frozen=True)
class Plan:
    """Number of faults, their seed, commands per second; `only` restricts the kinds of faults."""

    faults: int
    seed: int
    rate: float
    only: tuple[str, ...] = ()


@dataclass
class ChaosTest:
    """A chaos test on a running stack. `progress` gets a line per fault."""

    stack: Stack
    plan: Plan
    progress: Callable[[str], None]
    ledger: Ledger = field(default_factory=Ledger)
    findings: list[Finding] = field(default_factory=list)
    recovered: list[tuple[str, float]] = field(default_factory=list)
    disturbances: list[Disturbance] = field(default_factory=list)

    async def run(self) -> Report:
        """Inject faults under load, wait for quiescence, verify."""
        started = time.monotonic()
        report = Report(self.plan.faults, self.plan.seed, self.plan.rate)
        async with connect(self.stack.gateway_url, self.stack.issuer, REQUEST_SECONDS, COMMAND_SECONDS, AT_ONCE) as client:
            await self._inject_under_load(client)
            await self._wait_until_idle(client)
        evidence = Evidence(self.ledger, self.stack.settings(), self.stack.data_dir / "mail", self.disturbances)
        await verify(evidence, self.findings, report)
        report.recovery_seconds = recovery(self.recovered)
        report.seconds = round(time.monotonic() - started, 1)
        return report

    async def _inject_under_load(self, client: Client) -> None:
        driver = Driver(client, self.ledger, self.plan.rate, self.plan.seed)
        async with connect(self.stack.gateway_url, self.stack.issuer, REQUEST_SECONDS, COMMAND_SECONDS) as canary_client:
            # The canaries have a client of their own, so that they do not queue behind the load.
            commander = Commander(canary_client, self.ledger, lambda: asyncio.sleep(0))
            await driver.open_districts(commander)
            await wait_until_idle(canary_client, self.stack.addresses())
            partner = await driver.prepare(commander)
            driver.start()
            try:
                await driver.warm_up(int(self.plan.rate * WARM_UP_SECONDS))
                injector = FaultInjector(self.stack, groups(self.stack.settings()))
                for number, fault in enumerate(schedule_of(self.plan), 1):
                    await asyncio.sleep(fault.gap)
                    await self._inject(injector, commander, partner, number, fault)
            finally:
                self.progress("All faults injected; the load ends.")
                await driver.stop()

    async def _inject(self, injector: FaultInjector, commander: Commander, partner: Member, number: int, fault: Fault) -> None:
        begin = time.time()
        await injector.inject(fault)
        undone = time.monotonic()
        try:
            async with asyncio.timeout(RECOVERY_SECONDS):
                await asyncio.gather(*map(self._until_ready, self.stack.supervisor.children()))
            await canary.run_canary(commander, partner, number, RECOVERY_SECONDS)
        except Exception as error:
            self.findings.append(Finding("stuck", f"fault {number}: {fault.label}", f"no recovery: {error!r}"))
        seconds = time.monotonic() - undone
        self.recovered.append((fault.label, seconds))
        if fault.kind in ("kill", "pause") and fault.target in (REPLICATED, *INFRASTRUCTURE):
            self.disturbances.append(Disturbance(begin, time.time()))
        commands = len(self.ledger.effects)
        name = f"{number}/{self.plan.faults} {fault.label} ({fault.target})"
        self.progress(f"{name}: recovered after {seconds:.1f} s; {commands} commands acknowledged.")

    async def _until_ready(self, name: str) -> None:
        """Wait longer than the supervisor does: a slow machine is no finding."""
        while True:
            with suppress(NotStarted):
                return await self.stack.until_ready(name)

    async def _wait_until_idle(self, client: Client) -> None:
        try:
            async with asyncio.timeout(QUIESCENCE_SECONDS):
                await wait_until_idle(client, self.stack.addresses(), IDLE_SECONDS)
        except TimeoutError:
            self.findings.append(Finding("stuck", "quiescence", f"the system was not idle within {QUIESCENCE_SECONDS} s"))


def schedule_of(plan: Plan) -> tuple[Fault, ...]:
    """The faults of a plan for this system."""
    topics = tuple(topic.name for topic in CATALOGUE)
    return make_schedule(plan.faults, plan.seed, Targets(service_names(), REPLICATED, topics), plan.only)


def make_stack(directory: Path, commands: Mapping[str, Sequence[str]] | None = None) -> Stack:
    """The system of a chaos test; `commands` runs another program for a process, by its name."""
    env = dict.fromkeys(service_names(), SETTINGS)
    return Stack(directory, replicas={REPLICATED: 2}, env=env, commands=commands or {})
