"""`distretti up`: the whole system on this machine, until stopped."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from distretti.cli.errors import plainly
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir
from distretti.cli.signals import until_stopped
from distretti.client.api import connect
from distretti.client.members import import_lines, open_districts
from distretti.client.sources import read_source
from distretti.devstack.stack import Stack


def up(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The gateway's port.")] = 8000,
    sample: Annotated[bool, typer.Option(help="Load the bundled sample of invented organisations.")] = True,
) -> None:
    """Start everything and keep it running; Ctrl-C stops it, a second one at once."""
    console = Console(highlight=False, soft_wrap=True)
    with plainly():
        stack = Stack(data_dir, gateway_port=port, report=lambda line: console.print(line, markup=False))
        asyncio.run(until_stopped(_run(stack, sample, console), stack.supervisor))
    console.print("Stopped.")


async def _run(stack: Stack, sample: bool, console: Console) -> None:
    async with stack:
        if sample:
            console.print(f"{await load_sample(stack)} invented organisations loaded.")
        console.print(_where_to_look(stack), markup=False)
        try:
            await asyncio.Event().wait()
        finally:
            console.print("Stopping.")


async def load_sample(stack: Stack) -> int:
    """Load the bundled sample through the public API; what is there already is left alone. Returns how many are new."""
    async with connect(stack.gateway_url, stack.issuer) as client:
        await open_districts(client)
        return (await import_lines(client, read_source(None).lines)).created


def _where_to_look(stack: Stack) -> str:
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
