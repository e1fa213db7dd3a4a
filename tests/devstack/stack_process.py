"""A process that runs a local system without services: `python -m tests.devstack.stack_process DIRECTORY`."""

import asyncio
import sys
from pathlib import Path

from distretti.cli.signals import until_stopped
from distretti.devstack.stack import Stack


async def run(stack: Stack) -> None:
    """Runs until cancelled."""
    async with stack:
        sys.stdout.write("up\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    system = Stack(Path(sys.argv[1]), services=())
    asyncio.run(until_stopped(run(system), system.supervisor))
