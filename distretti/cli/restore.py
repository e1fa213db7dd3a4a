"""`distretti restore`: restore a backup to an empty system."""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from distretti.cli.backup import contents
from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir, Servers
from distretti.cli.output.progress import progress_bars

if TYPE_CHECKING:
    from distretti.ops.backup.manifest import Manifest
    from shared.chassis.progress import Begin


def restore(
    directory: Annotated[Path, typer.Argument(help="A backup made by `distretti backup`.", exists=True, file_okay=False)],
    data_dir: DataDir = DEFAULT_DATA_DIR,
    servers: Servers = False,
    replication: Annotated[int, typer.Option(min=1, help="Copies of each topic, with --servers.")] = 1,
) -> None:
    """Restore DIRECTORY as a new local system on DATA_DIR, to be started with `distretti up --no-sample`; or on --servers."""
    from distretti.ops.backup.manifest import read_checked
    from distretti.ops.backup.restore import restore as restore_backup
    from distretti.ops.backup.target_directory import check_free
    from shared.chassis.config import read_settings

    console = Console()
    started = time.monotonic()
    with exit_on_error(), progress_bars(console) as begin:
        manifest = asyncio.run(read_checked(directory))
        if servers:
            asyncio.run(restore_backup(read_settings(), directory, manifest, begin, replication))
        else:
            check_free(data_dir.resolve())
            asyncio.run(_locally(directory, manifest, data_dir.resolve(), begin))
    console.print(f"{contents(manifest)} of {manifest.made:%Y-%m-%d %H:%M:%S} UTC restored.", highlight=False)
    console.print(f"{time.monotonic() - started:.1f} s.", highlight=False)
    if not servers:
        console.print(f"Start it with: distretti up --no-sample --data-dir {data_dir}", markup=False, soft_wrap=True)


async def _locally(directory: Path, manifest: "Manifest", data_dir: Path, begin: "Begin") -> None:
    """Restore into a new data directory, with servers that run for the restore only."""
    from distretti.devstack.backends import Infrastructure
    from distretti.ops.backup.restore import restore as restore_backup
    from distretti.ops.backup.target_directory import staging_directory
    from shared.chassis.config import read_settings

    with staging_directory(data_dir) as staging:
        async with Infrastructure(staging) as servers:
            settings = read_settings(mongo_url=servers.mongo_url, kafka_bootstrap=servers.kafka_bootstrap, namespace="")
            await restore_backup(settings, directory, manifest, begin)
