"""`distretti up`: run the whole system on this machine until stopped."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir

if TYPE_CHECKING:
    from distretti.devstack.stack import Stack


def up(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The gateway's port.")] = 8000,
    sample: Annotated[bool, typer.Option(help="Load the bundled sample of invented organisations.")] = True,
) -> None:
    """Start all servers and services and keep them running; Ctrl-C stops them, a second Ctrl-C kills them."""
    from distretti.cli.signals import until_stopped
    from distretti.devstack.stack import Stack

    console = Console(highlight=False, soft_wrap=True)
    with exit_on_error():
        stack = Stack(data_dir, gateway_port=port, report=lambda line: console.print(line, markup=False))
        asyncio.run(until_stopped(_run(stack, sample, console), stack.supervisor))
    console.print("Stopped.")


async def _run(stack: "Stack", sample: bool, console: Console) -> None:
    async with stack:
        if sample:
            console.print(f"{await load_sample(stack)} invented organisations loaded.")
        console.print(_addresses(stack), markup=False)
        try:
            await asyncio.Event().wait()
        finally:
            console.print("Stopping.")


async def load_sample(stack: "Stack") -> int:
    """Load the bundled sample through the public API; existing members are left alone. Return how many are new."""
    from distretti.client.api import connect
    from distretti.client.members import import_lines, open_districts
    from distretti.client.sources import read_source

    async with connect(stack.gateway_url, stack.issuer) as client:
        await open_districts(client)
        return (await import_lines(client, read_source(None).lines)).created


def _addresses(stack: "Stack") -> str:
    url = stack.gateway_url
    docs = "\n".join(f"  {name:<14} {url}/{name}/docs   {url}/{name}/asyncapi.json" for name in stack.services)
    return f"""
Start here       {url}
Documentation
{docs}
Mail sent        {stack.mail_url}/
A token          {Path(sys.executable).with_name("distretti")} token --data-dir {stack.data_dir}
Logs, addresses  {stack.data_dir}/log, {stack.data_dir}/run.json
Stop             Ctrl-C
"""
