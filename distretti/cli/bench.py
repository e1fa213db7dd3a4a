"""`distretti bench ...`: measure against published results."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.scheduling_instances.cases import find_cases
from benchmarks.scheduling_instances.run import Result, run
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
        console.print(_table(results, order), _totals(results))
        failed = failed or not all(result.equal for result in results)
    if failed:
        raise typer.Exit(1)


def _table(results: Sequence[Result], order: int) -> Table:
    names = ("instance", "d", "status", "breaks", "published", "seconds", "cpu", "theirs", "equal", "changes", "bound")
    table = Table(title=f"Order {order}; seconds on one core; table changes, and the fewest for these slots")
    for name in names:
        table.add_column(name, justify="left" if name in ("instance", "status") else "right")
    for result in results:
        case = result.case
        changes = (result.table_changes, result.table_changes_bound)
        table.add_row(
            case.name,
            str(case.fairness),
            result.status,
            "" if result.breaks is None else str(result.breaks),
            case.published or "",
            f"{result.seconds:.2f}",
            f"{result.cpu:.2f}",
            "" if case.published_seconds is None else f"{case.published_seconds:g}",
            escape("; ".join(result.faults)) or ("yes" if result.equal else "no"),
            *("" if number is None else str(number) for number in changes),
        )
    return table


def _totals(results: Sequence[Result]) -> str:
    real = [result for result in results if result.case.is_original]
    proven, equal = sum(result.proven for result in results), sum(result.equal for result in results)
    seconds = [result.seconds for result in results]
    return (
        f"{len(results)} cases: {proven} proven, {equal} equal, {sum(seconds):.1f} s, the longest {max(seconds):.1f} s; "
        f"the {len(real)} originals {sum(result.seconds for result in real):.1f} s, "
        f"{sum(result.cpu for result in real):.1f} s of processor time."
    )
