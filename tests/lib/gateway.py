"""The gateway's Caddyfile by a real Caddy, in front of services that listen already."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from distretti.devstack import programs
from distretti.devstack.ports import Ports
from distretti.devstack.supervisor import Supervisor


@asynccontextmanager
async def gateway(directory: Path, services: Mapping[str, str]) -> AsyncIterator[str]:
    """Run the gateway before these services, given their addresses by name, until the block ends; gives its own."""
    supervisor = Supervisor(directory / "log", lambda: None, lambda _: None)
    ports = replace(Ports.choose(), services={name: int(address.rpartition(":")[2]) for name, address in services.items()})
    try:
        await supervisor.start(programs.gateway(directory / "gateway", ports))
        yield f"http://localhost:{ports.gateway}"
    finally:
        await supervisor.stop()
