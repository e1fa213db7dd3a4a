"""`distretti audit`: replay every topic and compare the result with what is stored, while the system runs."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir


def audit(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    suggestions: Annotated[bool, typer.Option("--suggestions", help="Recompute every stored suggestion, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """Compare every aggregate, projection and claim with a replay of its topics. Exit status 1 where something differs."""
    from distretti.devstack.state_file import find_running
    from distretti.ops.services import audit_all, recompute_suggestions

    console = Console(stderr=as_json)
    with exit_on_error():
        settings = find_running(data_dir.resolve()).settings()
        with console.status("Replaying") as status:
            report = asyncio.run(audit_all(settings, lambda part: status.update(f"Replayed {part}")))
            status.update("Recomputing suggestions")
            recomputed = asyncio.run(recompute_suggestions(settings)) if suggestions else None
    if as_json:
        typer.echo(json.dumps({**asdict(report), **({"suggestions": asdict(recomputed)} if recomputed else {})}, indent=2))
    else:
        console.print(f"{report.aggregates:,} aggregates and {report.projections:,} projected documents compared.")
        console.print(f"{len(report.differences)} differences; {report.waiting} events held or in dead letters.")
        for difference in report.differences:
            console.print(
                f"{difference.service} {difference.kind} {difference.place} {difference.id}: {difference.detail}", markup=False
            )
        if recomputed:
            waiting = f"; {recomputed.waiting} changes are not ranked yet" if recomputed.waiting else ""
            console.print(f"{recomputed.suggestions:,} suggestions recomputed: {len(recomputed.differing)} differ{waiting}.")
            for differing in recomputed.differing[:20]:
                console.print(differing, markup=False)
    if report.differences or (recomputed and recomputed.differing):
        raise typer.Exit(1)
