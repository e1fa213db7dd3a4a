"""Send members or a brokerage event to the running system, and print what became of them."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import typer
from rich.console import Console

from distretti.cli.errors import exit_on_error
from distretti.cli.output.progress import progress_bars
from distretti.client.api import Refused, connect
from distretti.client.brokerage_event import EVENTS, make_event
from distretti.client.dates import next_day
from distretti.client.members import Imported, import_lines, open_districts
from distretti.devstack.state_file import find_running
from distretti.devstack.token_issuer import Issuer, open_issuer
from distretti.importers.dzn_event import Instance, read_b2b
from distretti.importers.import_line import Line, Report, Skipped, SourceMissing
from distretti.importers.rows import ndjson_lines
from services.events.scheduling.problem import ProblemError
from shared.chassis.progress import Advance, Begin


def read_and_send(data_dir: Path, read: Callable[[Path, Report], Iterator[Line]], source: Path) -> None:
    """Read members from `source` and send them; rows that are no member are printed with the reason."""
    skipped: list[Skipped] = []
    try:
        lines = [line.model_dump_json() for line in read(source, skipped.append)]
    except SourceMissing as missing:
        raise typer.BadParameter(str(missing)) from missing
    send_members(data_dir, lines, skipped)


def send_lines(data_dir: Path, file: Path) -> None:
    """Send the lines of a file as they are."""
    try:
        lines = ndjson_lines(file)
    except SourceMissing as missing:
        raise typer.BadParameter(str(missing)) from missing
    send_members(data_dir, lines, [])


def send_members(data_dir: Path, lines: list[str], skipped: list[Skipped]) -> None:
    """Send lines of NDJSON to the bulk import. Exit status 1 where a line is refused."""
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


def send_brokerage_event(data_dir: Path, file: Path, day: date | None, fairness: int) -> None:
    """Create the brokerage event of a scheduling instance on `day`, the next 10 June where none is given."""
    try:
        instance = read_b2b(file, day or next_day(6, 10, date.today()), fairness)
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


async def _import(gateway: str, issuer: Issuer, lines: list[str], step: Advance) -> Imported:
    async with connect(gateway, issuer) as client:
        await open_districts(client)
        return await import_lines(client, lines, step)
