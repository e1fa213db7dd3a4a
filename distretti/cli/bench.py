"""`distretti bench ...`: measure against published results."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from distretti.cli.options import check_time_limit
from distretti.cli.output.progress import progress_bars

bench = typer.Typer(help="Measure against published results.", no_args_is_help=True)


@bench.callback()
def _group() -> None:
    """Measure against published results."""


@bench.command()
def scheduling(
    directory: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    time_limit: Annotated[float, typer.Option(callback=check_time_limit, help="Seconds for each case, a day at most.")] = 60.0,
    orders: Annotated[int, typer.Option(min=1, help="How many orders of people and meetings: one alone changes the time.")] = 1,
    originals: Annotated[bool, typer.Option(help="Only the real events, without their variants.")] = False,
) -> None:
    """Solve every instance of DIRECTORY on one core and compare with the published result. Exit status 1 where any differs."""
    from benchmarks.scheduling_instances.cases import find_cases
    from benchmarks.scheduling_instances.run import run
    from distretti.cli.output.bench_table import table_of, totals

    cases = [case for case in find_cases(directory) if case.is_original or not originals]
    if not cases:
        raise typer.BadParameter(f"{directory}: there is no {'original (.original.dzn)' if originals else 'instance (.dzn)'} in it")
    console = Console(width=120)
    failed = False
    for order in range(orders):
        with progress_bars(Console(stderr=True)) as begin:
            step = begin(f"order {order}", len(cases))
            results = []
            for result in run(cases, time_limit, order):
                results.append(result)
                step(1)
        console.print(table_of(results, order), totals(results))
        failed = failed or not all(result.equal for result in results)
    if failed:
        raise typer.Exit(1)
