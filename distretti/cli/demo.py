"""`distretti demo`: from members to meetings, on a fresh system of its own."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from distretti.cli.errors import exit_on_error
from distretti.cli.output.progress import progress_bars

if TYPE_CHECKING:
    from distretti.client.sources import Source
    from distretti.devstack.stack import Stack


def demo(
    data: Annotated[
        Path | None, typer.Option(help="Real data instead of the bundled sample.", exists=True, file_okay=False)
    ] = None,
    directory: Annotated[Path, typer.Option(help="Where data and report are written.", file_okay=False)] = Path("var/demo"),
) -> None:
    """Run the whole way on a fresh data directory and free ports, and check the result. Exit status 1 where it is not sound."""
    from distretti.cli.signals import until_stopped
    from distretti.client.sources import read_source
    from distretti.devstack.stack import Stack
    from distretti.devstack.state_file import clear
    from distretti.importers.import_line import SourceMissing

    console = Console()
    try:
        source = read_source(data)
    except SourceMissing as missing:
        raise typer.BadParameter(str(missing)) from missing
    with exit_on_error():
        clear(directory / "system")
        stack = Stack(directory / "system", report=lambda line: console.print(line, markup=False))
        sound: list[bool] = []
        ended = asyncio.run(until_stopped(_run(stack, source, directory, console, sound), stack.supervisor))
    if not ended or not all(sound):
        raise typer.Exit(1)


async def _run(stack: "Stack", source: "Source", directory: Path, console: Console, sound: list[bool]) -> None:
    from distretti.client.api import connect
    from tools.demo.meeting_day import agenda_of_the_busiest
    from tools.demo.report import show
    from tools.demo.run import Demo

    async with stack, connect(stack.gateway_url, stack.issuer) as client:
        with progress_bars(console) as begin:
            run = Demo(stack, client, begin, source)
            await run.run()
        file = directory / "report.json"
        file.write_text(json.dumps(asdict(run.report), indent=2, ensure_ascii=False) + "\n")
        show(console, run.report, run.examples, await agenda_of_the_busiest(client, run.day, run.names))
        sound.append(run.report.sound)
        console.print(f"{'Sound' if run.report.sound else 'NOT SOUND'}: {file}")
