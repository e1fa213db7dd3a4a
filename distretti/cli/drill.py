"""`distretti drill`: a system of its own is broken under load, and its books are checked."""

import asyncio
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from distretti.cli.errors import plainly
from distretti.cli.signals import until_stopped
from distretti.devstack.stack import Stack
from distretti.devstack.state_file import clear
from tools.chaos.report import Report, show
from tools.chaos.run import Drill, Plan, make_stack


def drill(
    faults: Annotated[int, typer.Option(min=1, help="How many faults.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same faults in the same order.")] = 1,
    rate: Annotated[float, typer.Option(min=0.1, help="Commands a second.")] = 25,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone; what happens is told on stderr.")] = False,
    directory: Annotated[Path, typer.Option(help="Where it keeps its data and its report.", file_okay=False)] = Path("var/drill"),
) -> None:
    """Break a fresh system in every way it must survive, and check its books. Exit status 1 where they are wrong."""
    told = Console(stderr=as_json)
    system = directory / "system"
    reports: list[Report] = []
    with plainly():
        clear(system)
        stack = make_stack(system)
        work = _run(stack, Plan(faults, seed, rate), told, reports)
        asyncio.run(until_stopped(work, stack.supervisor))
    if not reports:
        raise typer.Exit(1)
    report = reports[0]
    text = json.dumps(asdict(report), indent=2, ensure_ascii=False)
    (directory / "report.json").write_text(text + "\n")
    if as_json:
        typer.echo(text)
    else:
        show(told, report)
    if not report.sound:
        told.print(f"NOT SOUND. The system's data and logs are kept in {system}.")
        raise typer.Exit(1)
    shutil.rmtree(system)


async def _run(stack: Stack, plan: Plan, told: Console, reports: list[Report]) -> None:
    async with stack:
        reports.append(await Drill(stack, plan, lambda line: told.print(line, markup=False, highlight=False)).run())
