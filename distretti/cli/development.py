"""The commands of developers: they need the source tree, tools/ and benchmarks/."""

import typer

from distretti.cli.bench import bench
from distretti.cli.demo import demo
from distretti.cli.drill import drill
from distretti.cli.evaluate import evaluating, learning


def add_development_commands(app: typer.Typer) -> None:
    """Add them to the command line."""
    app.command()(demo)
    app.command()(drill)
    app.add_typer(bench, name="bench")
    app.add_typer(evaluating, name="evaluate")
    app.add_typer(learning, name="learn")
