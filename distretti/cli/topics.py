"""`distretti topics`: what to do about a topic that was deleted and created again. Every action is recorded."""

import asyncio
import getpass
from typing import Annotated, Literal

import typer

from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir

topics = typer.Typer(help="What to do about a topic that was deleted and created again.", no_args_is_help=True)
Positions = Literal["keep", "forget"]


@topics.callback()
def _group() -> None:
    """Keep the name of the only command."""


@topics.command()
def accept(
    topic: Annotated[str, typer.Argument(help="Its name in the catalogue, as registry.members.")],
    positions: Annotated[Positions, typer.Option(help="Whether the services keep or forget how far they came.")],
    reason: Annotated[str, typer.Option("--why", help="The reason, recorded with the action.")],
    operator: Annotated[str | None, typer.Option("--who", help="The operator; the login name by default.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Let the services go on with a topic that was deleted and created again: see docs/operations/topics.md."""
    from distretti.devstack.state_file import find_running
    from distretti.ops.topics import accept_topic

    if not reason.strip():
        raise typer.BadParameter("a reason is required: it is recorded with the action", param_hint="--why")
    with exit_on_error():
        settings = find_running(data_dir.resolve()).settings()
        accepted = asyncio.run(accept_topic(settings, topic, positions, operator or getpass.getuser(), reason.strip()))
    for service in accepted:
        typer.echo(f"{service.service}: {service.positions} positions and {service.held_events} held events forgotten")
    if not accepted:
        typer.echo(f"Every service knows {topic} as it is: nothing to accept.")
