"""`distretti dead-letters`: list, show, retry or drop events that a consumer could not apply. Every action is recorded."""

import asyncio
import getpass
import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir
from distretti.cli.output import dead_letter_table
from distretti.cli.output.dead_letter_table import plain

if TYPE_CHECKING:
    from distretti.ops.dead_letters import Result
    from shared.chassis.config import Settings

HELP = "List, show, retry or drop events that a consumer could not apply. Every action is recorded."
dead_letters = typer.Typer(help=HELP, no_args_is_help=True)
Ids = Annotated[list[str], typer.Argument(help="The id as `list` gives it, or the start of it.")]
Reason = Annotated[str | None, typer.Option("--why", help="The reason, recorded with the action.")]
Operator = Annotated[str | None, typer.Option("--who", help="The operator, recorded with the action; the login name by default.")]
Wait = Annotated[float, typer.Option(help="Seconds to wait for the service to do it.", min=0)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone.")]
Only = Annotated[str | None, typer.Argument(help="One service.")]


@dead_letters.command("list")
def listing(
    service: Only = None,
    consumer: Annotated[str | None, typer.Option(help="One consumer, as notifications.members.")] = None,
    held: Annotated[bool, typer.Option("--all", help="Also held events: behind dead letters, for a gap or for a fact.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """List dead letters, the oldest first; an unreadable record has a topic and no stream."""
    from distretti.ops.dead_letters import list_entries

    with exit_on_error():
        entries = asyncio.run(list_entries(_settings(data_dir), service, consumer, held))
    if as_json:
        typer.echo(json.dumps([dead_letter_table.entry(name, entry) for name, entry in entries], indent=2))
        return
    table = Table("id", "consumer", "stream", "sequence", "type", "since", "kind", "behind", "reason")
    for _, entry in entries:
        place = entry.stream or f"({entry.topic})"
        since = entry.since.isoformat(timespec="seconds")
        cells = (entry.id, entry.consumer, place, entry.sequence or "", entry.type or "", since, entry.kind, entry.behind)
        _row(table, *cells, dead_letter_table.single_line(entry.reason))
    _print(table, "There are no dead letters.")


@dead_letters.command()
def show(
    id: Annotated[str, typer.Argument(help="The id as `list` gives it, or the start of it.")],
    personal: Annotated[bool, typer.Option("--personal", help="Also personal data; needs --why and is recorded.")] = False,
    reason: Reason = None,
    operator: Operator = None,
    as_json: AsJson = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Show a dead letter with its whole record, and the events held behind it."""
    from distretti.ops import dead_letters as ops

    access = (operator or getpass.getuser(), _required(reason)) if personal else None
    with exit_on_error():
        dead_letter = asyncio.run(ops.show(_settings(data_dir), id, access))
    whole = dead_letter_table.whole(dead_letter, personal)
    typer.echo(json.dumps(whole, indent=2) if as_json else dead_letter_table.as_text(whole))


@dead_letters.command()
def retry(
    ids: Ids,
    reason: Reason = None,
    operator: Operator = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen, by this program's code.")] = False,
    wait: Wait = 15,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Retry dead letters, then the events held behind them. Exit status 1 where one fails again.

    Messages of an event older than a day (HISTORICAL_AFTER) are entered as history: in the inbox, and never mailed.
    """
    from distretti.ops import dead_letters as ops

    settings = _settings(data_dir)
    if dry_run:
        with exit_on_error():
            _report([asyncio.run(ops.dry_run(settings, id)) for id in ids])
        return
    request = ops.Request("retry", operator or getpass.getuser(), _required(reason))
    with exit_on_error():
        _report([asyncio.run(ops.request_action(settings, request, id, wait)) for id in ids])


@dead_letters.command()
def drop(ids: Ids, reason: Reason = None, operator: Operator = None, wait: Wait = 15, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Skip dead letters for good: held events are released, and the record is kept with the action."""
    from distretti.ops import dead_letters as ops

    request = ops.Request("drop", operator or getpass.getuser(), _required(reason))
    with exit_on_error():
        settings = _settings(data_dir)
        _report([asyncio.run(ops.request_action(settings, request, id, wait)) for id in ids])


@dead_letters.command("acts")
def list_actions(service: Only = None, as_json: AsJson = False, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """List operators' actions with reason and outcome, the newest first."""
    from distretti.ops import dead_letters as ops

    with exit_on_error():
        actions = asyncio.run(ops.list_actions(_settings(data_dir), service))
    if as_json:
        typer.echo(json.dumps(actions, indent=2, default=dead_letter_table.text))
        return
    table = Table("asked", "who", "act", "id", "consumer", "stream", "sequence", "why", "outcome")
    for act in actions:
        outcome = f"{act['outcome']}: {act['said']}" if act["said"] else act["outcome"] or "pending"
        cells = [act[name] or "" for name in ("who", "act", "short", "consumer", "lane", "sequence", "why")]
        requested = act["asked"].isoformat(timespec="seconds")
        _row(table, requested, *cells, dead_letter_table.single_line(outcome))
    _print(table, "There are no actions.")


def _row(table: Table, *cells: object) -> None:
    table.add_row(*(escape(plain(str(cell))) for cell in cells))


def _print(table: Table, empty: str) -> None:
    console = Console()
    wide = console if console.is_terminal else Console(width=240)
    wide.print(table if table.row_count else empty)


def _settings(data_dir: DataDir) -> "Settings":
    from distretti.devstack.state_file import find_running

    with exit_on_error():
        return find_running(data_dir.resolve()).settings()


def _required(reason: str | None) -> str:
    if not reason or not reason.strip():
        raise typer.BadParameter("a reason is required: it is recorded with the action", param_hint="--why")
    return reason.strip()


def _report(results: list["Result"]) -> None:
    for result in results:
        typer.echo(f"{result.id} {result.outcome}: {plain(result.detail)}")
    if not all(result.successful for result in results):
        raise typer.Exit(1)
