"""`distretti rebuild`: rebuild projections, or aggregates' states, from their topics while the service runs."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir
from distretti.cli.output.progress import progress_bars
from distretti.devstack.errors import LocalError

if TYPE_CHECKING:
    from shared.chassis.projections.projection import Projection
    from shared.chassis.rebuild.aggregates import ReplayedStates
    from shared.chassis.rebuild.run import Rebuilt
    from shared.chassis.runtime.service import Service


def rebuild(
    service: Annotated[str, typer.Argument(help="The service whose projections are folded again.")],
    projection: Annotated[str | None, typer.Option(help="Only this one, by its name.")] = None,
    aggregates: Annotated[bool, typer.Option("--aggregates", help="Instead: its states that an older `evolve` made.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """Rebuild a service's projections from the topics, beside the live ones. Exit status 1 where something is left as it was."""
    from distretti.devstack.state_file import find_running
    from shared.chassis.clock import utc_now
    from shared.chassis.rebuild.aggregates import replay_service
    from shared.chassis.rebuild.run import AlreadyRebuilding, rebuild_service
    from shared.chassis.workers.lease import LeaseLost

    console = Console(stderr=as_json)
    with exit_on_error():
        declaration = _find(service)
        chosen = () if aggregates else _choose(declaration, projection)
        settings = find_running(data_dir.resolve()).settings()
        with progress_bars(console) as begin:
            try:
                states = asyncio.run(replay_service(declaration, settings, begin)) if aggregates else []
                projections = [] if aggregates else asyncio.run(rebuild_service(declaration, settings, chosen, utc_now, begin))
            except AlreadyRebuilding as error:
                raise LocalError(str(error)) from None
            except LeaseLost:
                raise LocalError("Another rebuild took the lease: this one was stalled too long.") from None
    if as_json:
        printed = [{**asdict(done), "rate": round(done.rate)} for done in projections] + [asdict(done) for done in states]
        typer.echo(json.dumps(printed, indent=2))
    else:
        for rebuilt in projections:
            _show_projection(console, rebuilt)
        for rebuilt_states in states:
            _show_states(console, rebuilt_states)
    if any(done.left for done in projections) or any(done.left for done in states):
        raise typer.Exit(1)


def _find(name: str) -> "Service":
    from distretti.ops.services import declarations

    services = {service.name: service for service in declarations()}
    if name not in services:
        raise LocalError(f"No service is named {name}: there are {', '.join(services)}.")
    return services[name]


def _choose(service: "Service", only: str | None) -> "Sequence[Projection[Any]]":
    chosen = [projection for projection in service.projections if only in (None, projection.name)]
    if not chosen:
        names = ", ".join(projection.name for projection in service.projections)
        raise LocalError(f"{service.name} has the projections {names}." if names else f"{service.name} has no projections.")
    return chosen


def _show_projection(console: Console, done: "Rebuilt") -> None:
    console.print(
        f"{done.projection}: {done.events:,} events in {done.seconds:.1f} s ({done.rate:,.0f} events/s), "
        f"{done.documents:,} documents, {done.changed:,} changed, {done.removed:,} removed."
    )
    for reason in done.left:
        console.print(f"left as it was: {reason}", markup=False)


def _show_states(console: Console, done: "ReplayedStates") -> None:
    console.print(f"{done.aggregate}: {done.states:,} states rebuilt.")
    for id, reason in done.left.items():
        console.print(f"left as it was: {id}: {reason}", markup=False)
