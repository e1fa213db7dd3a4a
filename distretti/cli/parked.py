"""`distretti parked`: look at events that were set aside, try them again, or pass over them. Every act is kept."""

import asyncio
import getpass
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from distretti.cli.errors import plainly
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir
from distretti.cli.output import dead_letter_table
from distretti.cli.output.dead_letter_table import plain
from distretti.devstack.state_file import find_running
from distretti.ops import dead_letters
from distretti.ops.dead_letters import Done
from shared.chassis.config import Settings

parked = typer.Typer(help=__doc__, no_args_is_help=True)
Ids = Annotated[list[str], typer.Argument(help="The id as `list` gives it, or the start of it.")]
Why = Annotated[str | None, typer.Option(help="Why: kept with the act.")]
Who = Annotated[str | None, typer.Option(help="Who asks: kept with the act; the login name where it is not given.")]
Wait = Annotated[float, typer.Option(help="Seconds to wait for the service to do it.", min=0)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone.")]
Only = Annotated[str | None, typer.Argument(help="One service.")]


@parked.command("list")
def listing(
    service: Only = None,
    consumer: Annotated[str | None, typer.Option(help="One consumer, as notifications.members.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what waits behind them, for a gap or for a fact.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Say what is parked, the oldest first; records that are no event have no place in a lane."""
    with plainly():
        found = asyncio.run(dead_letters.listed(_settings(data_dir), service, consumer, everything))
    if as_json:
        typer.echo(json.dumps([dead_letter_table.entry(name, entry) for name, entry in found], indent=2))
        return
    table = Table("id", "consumer", "lane", "sequence", "type", "since", "kind", "behind", "reason")
    for _, entry in found:
        place = entry.lane or f"({entry.topic})"
        since = entry.since.isoformat(timespec="seconds")
        cells = (entry.id, entry.consumer, place, entry.sequence or "", entry.type or "", since, entry.kind, entry.behind)
        _row(table, *cells, dead_letter_table.one_line(entry.reason))
    _print(table, "Nothing is parked.")


@parked.command()
def show(
    id: Annotated[str, typer.Argument(help="The id as `list` gives it, or the start of it.")],
    personal: Annotated[bool, typer.Option("--personal", help="Also the data of people; needs --why and is kept.")] = False,
    why: Why = None,
    who: Who = None,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Show a parked event whole, and what waits behind it."""
    reason = _said(why) if personal else None
    with plainly():
        found = asyncio.run(dead_letters.looked_at(_settings(data_dir), id, (who or getpass.getuser(), reason) if reason else None))
    whole = dead_letter_table.whole(found, personal)
    typer.echo(json.dumps(whole, indent=2) if as_json else dead_letter_table.as_text(whole))


@parked.command()
def retry(
    ids: Ids,
    why: Why = None,
    who: Who = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen, by the code of this program.")] = False,
    wait: Wait = 15,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Give events to their consumers once more, and what waits behind them. Exit status 1 where one stays.

    Messages of an event older than a day (HISTORICAL_AFTER) are entered as history: in the inbox, and never mailed.
    """
    settings = _settings(data_dir)
    if dry_run:
        with plainly():
            _report([asyncio.run(dead_letters.rehearsed(settings, id)) for id in ids])
        return
    reason = _said(why)
    with plainly():
        _report([asyncio.run(dead_letters.asked(settings, "retry", id, who or getpass.getuser(), reason, wait)) for id in ids])


@parked.command()
def drop(ids: Ids, why: Why = None, who: Who = None, wait: Wait = 15, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Pass over events for good: later ones go on, and the record is kept with the act."""
    reason = _said(why)
    with plainly():
        settings = _settings(data_dir)
        _report([asyncio.run(dead_letters.asked(settings, "drop", id, who or getpass.getuser(), reason, wait)) for id in ids])


@parked.command("acts")
def listed_acts(service: Only = None, as_json: AsJson = False, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Say who did what, when and why, and how it ended; the newest first."""
    with plainly():
        found = asyncio.run(dead_letters.listed_acts(_settings(data_dir), service))
    if as_json:
        typer.echo(json.dumps(found, indent=2, default=dead_letter_table.text))
        return
    table = Table("asked", "who", "act", "id", "consumer", "lane", "sequence", "why", "outcome")
    for act in found:
        outcome = f"{act['outcome']}: {act['said']}" if act["said"] else act["outcome"] or "yet to be done"
        cells = [act[name] or "" for name in ("who", "act", "short", "consumer", "lane", "sequence", "why")]
        asked = act["asked"].isoformat(timespec="seconds")
        _row(table, asked, *cells, dead_letter_table.one_line(outcome))
    _print(table, "Nothing was done.")


def _row(table: Table, *cells: object) -> None:
    table.add_row(*(escape(plain(str(cell))) for cell in cells))


def _print(table: Table, empty: str) -> None:
    console = Console()
    wide = console if console.is_terminal else Console(width=240)
    wide.print(table if table.row_count else empty)


def _settings(data_dir: DataDir) -> Settings:
    with plainly():
        return find_running(data_dir.resolve()).settings()


def _said(why: str | None) -> str:
    if not why or not why.strip():
        raise typer.BadParameter("say why: it is kept with the act", param_hint="--why")
    return why.strip()


def _report(done: list[Done]) -> None:
    for one in done:
        typer.echo(f"{one.id} {one.outcome}: {plain(one.said)}")
    if not all(one.well for one in done):
        raise typer.Exit(1)
