"""`distretti`: the commands of operators and developers."""

import os
from importlib.util import find_spec
from typing import Annotated

import typer

from distretti.cli.audit import audit
from distretti.cli.backup import backup
from distretti.cli.dead_letters import dead_letters
from distretti.cli.explain import explain
from distretti.cli.import_ import importing
from distretti.cli.rebuild import rebuild
from distretti.cli.restore import restore
from distretti.cli.schedule import schedule
from distretti.cli.schemas import schemas
from distretti.cli.serve import serve
from distretti.cli.token import token
from distretti.cli.topics import topics
from distretti.cli.up import up

app = typer.Typer(help="The backend of Tuscany's technology districts.", no_args_is_help=True, add_completion=False)


def print_version(flag: bool) -> None:
    """Print version and commit and end the command, where the flag is given."""
    if flag:
        from shared.chassis.build_info import read_build_info

        build = read_build_info(os.environ.get("DISTRETTI_COMMIT", ""))
        typer.echo(f"distretti {build.version} ({build.commit})")
        raise typer.Exit


@app.callback()
def general_options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=print_version, help="Print version and commit, and exit.")
    ] = False,
) -> None:
    """Options of `distretti` itself."""


app.command()(up)
app.command()(serve)
app.command()(token)
app.command()(schemas)
app.command()(audit)
app.command()(explain)
app.command()(rebuild)
app.command()(backup)
app.command()(restore)
app.command()(schedule)
app.add_typer(importing, name="import")
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(topics, name="topics")
app.add_typer(dead_letters, name="parked", hidden=True)  # the command's old name
# tools/ and benchmarks/ are not in the wheel: an installation from it lacks the commands that need them.
if find_spec("tools") and find_spec("benchmarks"):
    from distretti.cli.development import add_development_commands

    add_development_commands(app)

if __name__ == "__main__":
    app()
