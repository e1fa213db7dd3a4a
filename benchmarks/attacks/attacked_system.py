"""The system that is attacked: as in production behind its gateway, with the sample's organisations."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psutil

from benchmarks.fixtures import Fixtures
from distretti.client.api import Client, connect
from distretti.client.members import import_lines, open_districts
from distretti.client.sources import SAMPLE
from distretti.client.wait_until_idle import wait_until_idle
from distretti.devstack.stack import Stack

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class AttackedSystem:
    """A running system, an operator's client of it, and the ids of its members."""

    stack: Stack
    client: Client
    members: Sequence[str]

    @property
    def gateway(self) -> int:
        """The gateway's port."""
        return self.stack.ports.gateway

    def direct(self, service: str) -> int:
        """The port of a service's process."""
        return self.stack.ports.services[service]

    def token(self, subject: str, role: str = "member", member: str | None = None, manages: Sequence[str] = ()) -> str:
        """A token of an hour."""
        now, lifetime = datetime.now(UTC), timedelta(hours=1)
        return self.stack.issuer.token(subject=subject, roles=[role], member=member, manages=manages, now=now, lifetime=lifetime)

    def processes(self, name: str) -> list[psutil.Process]:
        """A process and its child processes of now. To list them reads all processes of the machine."""
        root = psutil.Process(self.stack.supervisor.children()[name].pid)
        return [root, *root.children(recursive=True)]


def resident(processes: Sequence[psutil.Process]) -> float:
    """Megabytes of these processes that still run."""
    return sum(float(process.memory_info().rss) / MEGABYTE for process in processes if process.is_running())


@asynccontextmanager
async def attacked_system(
    fixtures: Fixtures, name: str, env: Mapping[str, Mapping[str, str]] | None = None
) -> AsyncIterator[AttackedSystem]:
    """Run the whole system with the sample imported until the block ends; `env` has settings by service."""
    async with Stack(fixtures.directory / name, env=env) as stack, connect(stack.gateway_url, stack.issuer) as client:
        await open_districts(client)
        imported = await import_lines(client, SAMPLE.read_text().splitlines())
        await wait_until_idle(client, stack.addresses())
        yield AttackedSystem(stack, client, sorted(imported.members))
