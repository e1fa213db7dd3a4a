"""`distretti schedule`: the agenda of one instance of the published benchmark."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from distretti.cli.options import check_time_limit

if TYPE_CHECKING:
    from services.events.scheduling import Infeasible, Problem, Schedule

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An instance in the format of the benchmark, .dzn.")]


def schedule(
    instance: File,
    time_limit: Annotated[float, typer.Option(callback=check_time_limit, help="Seconds for the search, a day at most.")] = 60.0,
    fairness: Annotated[int, typer.Option(min=0, help="Largest difference in breaks between two participants.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """Place every meeting of INSTANCE with the fewest breaks. Exit status 1 where the time is too short for any schedule."""
    from distretti.importers.dzn_file import text_of
    from services.events import scheduling

    try:
        problem = scheduling.parse_dzn(text_of(instance), fairness)
    except scheduling.ProblemError as error:
        raise typer.BadParameter(f"{instance}: {error}") from error
    started = time.perf_counter()
    try:
        answer = scheduling.solve(problem, time_limit, all_placed=True)
    except scheduling.NoScheduleInTime as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    result = _result(problem, answer, time.perf_counter() - started)
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        Console().print(_as_table(result))


def _result(problem: "Problem", answer: "Schedule | Infeasible", seconds: float) -> dict[str, Any]:
    from services.events.scheduling import Infeasible
    from services.events.texts import TEXTS

    if isinstance(answer, Infeasible):
        empty: dict[str, Any] = {"breaks": None, "bound": None, "seconds": round(seconds, 3)}
        empty |= {"slots": [], "tables": [], "table_changes": None}
        return {"status": "infeasible", **empty, "reason": " ".join(TEXTS.write(reason, "en") for reason in answer.reasons)}
    placed = {placement.meeting_id: placement for placement in answer.placements}
    best = "No schedule has fewer breaks." if answer.status == "optimal" else "The time was too short to prove this the best."
    return {
        "status": answer.status,
        "breaks": answer.breaks,
        "bound": answer.breaks_bound,
        "seconds": round(seconds, 3),
        "slots": [placed[meeting.id].slot for meeting in problem.meetings],
        "tables": [placed[meeting.id].table for meeting in problem.meetings],
        "table_changes": answer.table_changes,
        "reason": best,
    }


def _as_table(result: dict[str, Any]) -> Table:
    table = Table(show_header=False)
    for name, value in result.items():
        table.add_row(name, " ".join(map(str, value)) if isinstance(value, list) else str(value))
    return table
