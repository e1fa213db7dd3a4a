"""`distretti evaluate matching` and `distretti learn matching`: quality of suggested partners, and weights from past projects."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from distretti.cli.output.progress import progress_bars

evaluating = typer.Typer(help="Measure how good the system's answers are.", no_args_is_help=True)
learning = typer.Typer(help="Learn weights from what happened.", no_args_is_help=True)
Data = Annotated[Path, typer.Option("--data", exists=True, file_okay=False, help="Where CORDIS's tables are, or its parent.")]
PARTNERS = Path("services/matching/ranking/rules/partners.json")


@evaluating.command("matching")
def matching(
    data: Data,
    since: Annotated[
        str, typer.Option(help="The temporal split evaluates projects that begin on or after this date.")
    ] = "2025-01-01",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, nothing else.")] = False,
) -> None:
    """Predict who joined each project, with the project itself left out; compared with TF-IDF and popularity."""
    from distretti.importers.import_line import SourceMissing
    from tools.evaluation.report import full_report

    console = Console(stderr=True)
    try:
        with progress_bars(console) as begin:
            report = full_report(_tables(data), _beside(data, "finance"), _beside(data, "spinoffs"), since, begin)
    except SourceMissing as missing:
        raise typer.BadParameter(str(missing)) from missing
    if as_json:
        print(json.dumps(report, indent=2))  # noqa: T201
    else:
        for table in _as_tables(report):
            Console().print(table)


@learning.command("matching")
def learn_matching(
    data: Data,
    until: Annotated[str, typer.Option(help="Train on projects that began before this date.")] = "2025-01-01",
    out: Annotated[Path, typer.Option(help="Where to write the weights.")] = PARTNERS,
) -> None:
    """Train the weights of the partner rule; new weights are a new version of it."""
    from distretti.importers.import_line import SourceMissing
    from tools.evaluation.cordis_history import read_collaborations
    from tools.evaluation.train_weights import learn, lessons

    try:
        collaborations = read_collaborations(_tables(data), lambda skipped: None)
    except SourceMissing as missing:
        raise typer.BadParameter(str(missing)) from missing
    queries = sum(project.described and project.start < until for project in collaborations.projects)
    with progress_bars(Console(stderr=True)) as begin:
        step = begin("lessons", queries)
        names, taught = lessons(collaborations, until, lambda: step(1))
    weights = learn(names, taught, f"distretti learn matching --until {until}: {len(taught)} queries, {queries} projects")
    content = {"version": weights.version, "made": weights.made, "weights": weights.values}
    out.write_text(json.dumps(content, indent=2) + "\n")
    Console().print(f"{weights.version}: {out}")


def _tables(data: Path) -> Path:
    return data / "cordis" if (data / "cordis").is_dir() else data


def _beside(data: Path, name: str) -> Path | None:
    """A folder of other tables in the directory or beside it; None where there is none."""
    return next((folder for folder in (data / name, data.resolve().parent / name) if folder.is_dir()), None)


def _as_tables(report: dict[str, Any]) -> Iterable[Table]:
    for name in ("rows", "against", "exposure", "ablation", "lists", "f2b", "languages", "cold"):
        rows = report.get(name) or []
        if rows:
            table = Table(title=name)
            for column in rows[0]:
                table.add_column(column)
            for row in rows:
                table.add_row(*(f"{value:.4f}" if isinstance(value, float) else str(value) for value in row.values()))
            yield table
