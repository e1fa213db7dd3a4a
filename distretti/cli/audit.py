"""`distretti audit`: folds every topic again and compares, while the system runs."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from distretti.cli.errors import plainly
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir
from distretti.devstack.state_file import find_running
from distretti.ops.services import audit_all, recompute_suggestions


def audit(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    suggestions: Annotated[bool, typer.Option("--suggestions", help="Make every stored suggestion again, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """Compare every aggregate, projection and claim with the fold of its topics. Exit status 1 where something differs."""
    console = Console(stderr=as_json)
    with plainly():
        settings = find_running(data_dir.resolve()).settings()
        with console.status("Folding") as status:
            found = asyncio.run(audit_all(settings, lambda done: status.update(f"Folded {done}")))
            status.update("Making suggestions again")
            again = asyncio.run(recompute_suggestions(settings)) if suggestions else None
    if as_json:
        typer.echo(json.dumps({**asdict(found), **({"suggestions": asdict(again)} if again else {})}, indent=2))
    else:
        console.print(f"{found.aggregates:,} aggregates and {found.projections:,} projected documents compared.")
        console.print(f"{len(found.differences)} differences; {found.waiting} events held or parked.")
        for difference in found.differences:
            console.print(
                f"{difference.service} {difference.kind} {difference.place} {difference.id}: {difference.what}", markup=False
            )
        if again:
            waiting = f"; {again.waiting} changes are not ranked yet" if again.waiting else ""
            console.print(f"{again.suggestions:,} suggestions made again: {len(again.differing)} came out otherwise{waiting}.")
            for differing in again.differing[:20]:
                console.print(differing, markup=False)
    if found.differences or (again and again.differing):
        raise typer.Exit(1)
