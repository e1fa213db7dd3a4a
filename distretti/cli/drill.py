"""`distretti drill`: a chaos test. A system of its own is broken under load, then checked for lost or doubled work."""

import asyncio
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from distretti.cli.errors import exit_on_error

if TYPE_CHECKING:
    from distretti.devstack.stack import Stack
    from tools.chaos.report import Report
    from tools.chaos.run import Plan


def drill(
    faults: Annotated[int, typer.Option(min=1, help="How many faults.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same faults in the same order.")] = 1,
    rate: Annotated[float, typer.Option(min=0.1, help="Commands a second.")] = 25,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone; progress goes to stderr.")] = False,
    directory: Annotated[Path, typer.Option(help="Where data and report are written.", file_okay=False)] = Path("var/drill"),
) -> None:
    """Inject faults into a fresh system under load and verify its data. Exit status 1 where something is lost or doubled."""
    from distretti.cli.signals import until_stopped
    from distretti.devstack.state_file import clear
    from tools.chaos.report import show
    from tools.chaos.run import Plan, make_stack

    console = Console(stderr=as_json)
    system = directory / "system"
    reports: list[Report] = []
    with exit_on_error():
        clear(system)
        stack = make_stack(system)
        work = _run(stack, Plan(faults, seed, rate), console, reports)
        asyncio.run(until_stopped(work, stack.supervisor))
    if not reports:
        raise typer.Exit(1)
    report = reports[0]
    text = json.dumps(asdict(report), indent=2, ensure_ascii=False)
    (directory / "report.json").write_text(text + "\n")
    if as_json:
        typer.echo(text)
    else:
        show(console, report)
    if not report.sound:
        console.print(f"NOT SOUND. The system's data and logs are kept in {system}.")
        raise typer.Exit(1)
    shutil.rmtree(system)


async def _run(stack: "Stack", plan: "Plan", console: Console, reports: list["Report"]) -> None:
    from tools.chaos.run import ChaosTest

    async with stack:
        reports.append(await ChaosTest(stack, plan, lambda line: console.print(line, markup=False, highlight=False)).run())
