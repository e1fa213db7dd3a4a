"""`distretti rebuild`: folds projections again from the topics, while the service runs."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.failing import plainly
from deploy.cli.options import DEFAULT_DATA_DIR, DataDir
from deploy.cli.progress import legs
from deploy.cli.services import declarations
from deploy.local.errors import LocalError
from deploy.local.running import find_running
from shared.chassis.lease import LeaseLost
from shared.chassis.projection import Projection
from shared.chassis.rebuild.run import AlreadyRebuilding, Rebuilt, rebuild_service
from shared.chassis.service import Service, utc_now


def rebuild(
    service: Annotated[str, typer.Argument(help="The service whose projections are folded again.")],
    projection: Annotated[str | None, typer.Option(help="Only this one, by its name.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """Fold a service's projections again from the topics, beside the live ones. Exit status 1 where something is left."""
    console = Console(stderr=as_json)
    with plainly():
        found, chosen = _choose(service, projection)
        settings = find_running(data_dir.resolve()).settings()
        with legs(console) as begin:
            try:
                done = asyncio.run(rebuild_service(found, settings, chosen, utc_now, begin))
            except AlreadyRebuilding as error:
                raise LocalError(str(error)) from None
            except LeaseLost:
                raise LocalError("Another rebuild has taken over: this one stood still too long.") from None
    if as_json:
        typer.echo(json.dumps([{**asdict(one), "rate": round(one.rate)} for one in done], indent=2))
    else:
        for one in done:
            _show(console, one)
    if any(one.left for one in done):
        raise typer.Exit(1)


def _choose(name: str, only: str | None) -> tuple[Service, list[Projection]]:
    services = {service.name: service for service in declarations()}
    if name not in services:
        raise LocalError(f"No service is named {name}: there are {', '.join(services)}.")
    projections = services[name].projections
    chosen = [projection for projection in projections if only in (None, projection.name)]
    if not chosen:
        names = ", ".join(projection.name for projection in projections) or "none"
        raise LocalError(f"{name} has no projection {only or ''}: there are {names}.".replace("  ", " "))
    return services[name], chosen


def _show(console: Console, done: Rebuilt) -> None:
    console.print(
        f"{done.projection}: {done.events:,} events in {done.seconds:.1f} s ({done.rate:,.0f} events/s), "
        f"{done.documents:,} documents, {done.changed:,} changed, {done.removed:,} removed."
    )
    for reason in done.left:
        console.print(f"left as it was: {reason}", markup=False)
