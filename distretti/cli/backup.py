"""`distretti backup`: save databases and topics of a running system while it is read-only."""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.filesize import decimal

from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir, Servers
from distretti.cli.output.progress import progress_bars

if TYPE_CHECKING:
    from distretti.ops.backup.manifest import Manifest


def backup(
    directory: Annotated[Path, typer.Argument(help="The target; it must not exist, or be empty.", file_okay=False)],
    data_dir: DataDir = DEFAULT_DATA_DIR,
    servers: Servers = False,
    patience: Annotated[float, typer.Option(min=1, help="Seconds to wait until nothing is under way.")] = 120,
) -> None:
    """Save the running system to DIRECTORY. Meanwhile the system is read-only. The backup contains personal data."""
    from distretti.devstack.state_file import find_running
    from distretti.ops.backup.create import back_up
    from shared.chassis.config import read_settings

    console = Console()
    started = time.monotonic()
    with exit_on_error():
        settings = read_settings() if servers else find_running(data_dir.resolve()).settings()
        with progress_bars(console) as begin:
            saved = asyncio.run(back_up(settings, directory.resolve(), begin, patience))
    console.print(f"{directory}: {contents(saved)}; {decimal(saved.bytes)} packed.", highlight=False, markup=False)
    console.print(f"{time.monotonic() - started:.1f} s, read-only for {saved.closed_seconds} s.", highlight=False)


def contents(manifest: "Manifest") -> str:
    """One line: what a backup contains."""
    held = f", {manifest.waiting} of them held events or dead letters" if manifest.waiting else ""
    return f"{manifest.documents:,} documents{held}, {manifest.records:,} events"
