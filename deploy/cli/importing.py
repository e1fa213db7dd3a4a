"""`distretti import ...`: members into the running system, through the public API."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.failing import plainly
from deploy.cli.options import DEFAULT_DATA_DIR, DataDir
from deploy.cli.progress import legs
from deploy.importers.cordis import read_cordis
from deploy.importers.finance import read_finance
from deploy.importers.line import Line, Report, Skipped, SourceMissing
from deploy.importers.spinoffs import read_spinoffs
from deploy.journey.client import connect
from deploy.journey.members import Imported, import_lines, open_districts
from deploy.local.issuer import Issuer, open_issuer
from deploy.local.running import find_running

importing = typer.Typer(help="Take members in through the public API.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Directory = Annotated[Path, typer.Argument(exists=True, file_okay=False)]


@importing.command()
def members(file: File, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import FILE: members as NDJSON, a line each, as the registry's import takes them."""
    _send(data_dir, file.read_text().splitlines(), [])


@importing.command()
def cordis(directory: Directory, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import the Tuscan organisations of DIRECTORY (CORDIS), their projects as offers."""
    _read_and_send(data_dir, read_cordis, directory)


@importing.command()
def spinoffs(file: File, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import the university spin-offs of FILE, with what they offer and look for."""
    _read_and_send(data_dir, read_spinoffs, file)


@importing.command()
def finance(directory: Directory, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import the investors of DIRECTORY as financial operators."""
    _read_and_send(data_dir, read_finance, directory)


def _read_and_send(data_dir: Path, read: Callable[[Path, Report], Iterator[Line]], source: Path) -> None:
    skipped: list[Skipped] = []
    try:
        lines = [line.model_dump_json() for line in read(source, skipped.append)]
    except SourceMissing as missing:
        raise typer.BadParameter(str(missing)) from missing
    _send(data_dir, lines, skipped)


def _send(data_dir: Path, lines: list[str], skipped: list[Skipped]) -> None:
    console = Console()
    with plainly():
        running = find_running(data_dir.resolve())
        with legs(console) as begin:
            imported = asyncio.run(
                _import(running.gateway_url, open_issuer(data_dir.resolve() / "issuer"), lines, begin("members", len(lines)))
            )
    console.print(f"{imported.created} created, {len(imported.members) - imported.created} known already.")
    for row in skipped:
        console.print(f"{row.file} {row.where}: {row.reason}", markup=False)
    for refused in imported.refused:
        reasons = "; ".join(f"{error['field']}: {error['message']}" for error in refused["errors"])
        console.print(f"line {refused['line']}: {reasons}", markup=False)
    if imported.refused:
        raise typer.Exit(1)


async def _import(gateway: str, issuer: Issuer, lines: list[str], step: Callable[[int], None]) -> Imported:
    async with connect(gateway, issuer) as client:
        await open_districts(client)
        return await import_lines(client, lines, step)
