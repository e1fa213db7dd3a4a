"""`distretti import ...`: import members, or a whole brokerage event, through the public API of the running system."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir
from distretti.cli.output.progress import progress_bars
from distretti.client.api import Refused, connect
from distretti.client.brokerage_event import EVENTS, Begin, make_event
from distretti.client.dates import next_day
from distretti.client.members import Imported, import_lines, open_districts
from distretti.devstack.state_file import find_running
from distretti.devstack.token_issuer import Issuer, open_issuer
from distretti.importers.cordis import read_cordis
from distretti.importers.dzn_event import Instance, read_b2b
from distretti.importers.finance import read_finance
from distretti.importers.import_line import Line, Report, Skipped, SourceMissing
from distretti.importers.spinoffs import read_spinoffs
from services.events.scheduling.problem import ProblemError

importing = typer.Typer(help="Import members or a brokerage event through the public API.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Directory = Annotated[Path, typer.Argument(exists=True, file_okay=False)]


@importing.command()
def members(file: File, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import FILE: members as NDJSON, in the format of the registry's bulk import."""
    _send(data_dir, file.read_text().splitlines(), [])


@importing.command()
def cordis(directory: Directory, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import the Tuscan organisations of DIRECTORY (CORDIS), their projects as offers."""
    _read_and_send(data_dir, read_cordis, directory)


@importing.command()
def spinoffs(file: File, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import the university spin-offs of FILE, with their offers and needs."""
    _read_and_send(data_dir, read_spinoffs, file)


@importing.command()
def finance(directory: Directory, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import the investors of DIRECTORY as financial operators."""
    _read_and_send(data_dir, read_finance, directory)


@importing.command()
def b2b(
    file: File,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the meetings; without it, the next 10 June.")
    ] = None,
    fairness: Annotated[int, typer.Option(min=0, max=50, help="By how many breaks two participants may differ.")] = 2,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Create a brokerage event from FILE, a scheduling instance (.dzn): members, registrations, accepted meetings."""
    try:
        instance = read_b2b(file, day.date() if day else next_day(6, 10, date.today()), fairness)
    except ProblemError as error:
        raise typer.BadParameter(f"{file}: {error}") from error
    with exit_on_error():
        running = find_running(data_dir.resolve())
        with progress_bars(Console()) as begin:
            try:
                brokerage_event = asyncio.run(
                    _make(running.gateway_url, open_issuer(data_dir.resolve() / "issuer"), instance, begin)
                )
            except Refused as refused:
                typer.echo(str(refused), err=True)
                raise typer.Exit(1) from None
    typer.echo(f"The event is {brokerage_event}: its agenda can be computed (POST {EVENTS}/{brokerage_event}/agenda).")
    for constraint in instance.unsupported:
        typer.echo(f"Not in the event, since a meeting request cannot express it: {constraint}.")


async def _make(gateway: str, issuer: Issuer, instance: Instance, begin: Begin) -> str:
    async with connect(gateway, issuer) as client:
        return await make_event(client, instance, begin)


def _read_and_send(data_dir: Path, read: Callable[[Path, Report], Iterator[Line]], source: Path) -> None:
    skipped: list[Skipped] = []
    try:
        lines = [line.model_dump_json() for line in read(source, skipped.append)]
    except SourceMissing as missing:
        raise typer.BadParameter(str(missing)) from missing
    _send(data_dir, lines, skipped)


def _send(data_dir: Path, lines: list[str], skipped: list[Skipped]) -> None:
    console = Console()
    with exit_on_error():
        running = find_running(data_dir.resolve())
        with progress_bars(console) as begin:
            imported = asyncio.run(
                _import(running.gateway_url, open_issuer(data_dir.resolve() / "issuer"), lines, begin("members", len(lines)))
            )
    console.print(f"{imported.created} created, {len(imported.members) - imported.created} existed already.")
    for row in skipped:
        console.print(f"{row.file} {row.location}: {row.reason}", markup=False)
    for refused in imported.refused:
        reasons = "; ".join(f"{error['field']}: {error['message']}" for error in refused["errors"])
        console.print(f"line {refused['line']}: {reasons}", markup=False)
    if imported.refused:
        raise typer.Exit(1)


async def _import(gateway: str, issuer: Issuer, lines: list[str], step: Callable[[int], None]) -> Imported:
    async with connect(gateway, issuer) as client:
        await open_districts(client)
        return await import_lines(client, lines, step)
