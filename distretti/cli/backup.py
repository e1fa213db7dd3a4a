"""`distretti backup`: databases and topics of a running system, saved while it takes no commands."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal

from distretti.cli.errors import plainly
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir, Servers
from distretti.cli.output.progress import legs
from distretti.devstack.state_file import find_running
from distretti.ops.backup.create import back_up
from distretti.ops.backup.manifest import Manifest
from shared.chassis.config import read_settings


def backup(
    directory: Annotated[Path, typer.Argument(help="Where to; it must not be there yet, or be empty.", file_okay=False)],
    data_dir: DataDir = DEFAULT_DATA_DIR,
    servers: Servers = False,
    patience: Annotated[float, typer.Option(min=1, help="Seconds to wait for the system to come to rest.")] = 120,
) -> None:
    """Save the running system to DIRECTORY. Commands are refused meanwhile, reading goes on. Contains personal data."""
    console = Console()
    started = time.monotonic()
    with plainly():
        settings = read_settings() if servers else find_running(data_dir.resolve()).settings()
        with legs(console) as begin:
            saved = asyncio.run(back_up(settings, directory.resolve(), begin, patience))
    console.print(f"{directory}: {contents(saved)}; {decimal(saved.bytes)} packed.", highlight=False, markup=False)
    console.print(f"{time.monotonic() - started:.1f} s, closed for commands {saved.closed_seconds} s.", highlight=False)


def contents(manifest: Manifest) -> str:
    """Say in a line what a backup holds."""
    held = f", {manifest.waiting} of them held or parked" if manifest.waiting else ""
    return f"{manifest.documents:,} documents{held}, {manifest.records:,} events"
