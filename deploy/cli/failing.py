"""How a command ends when it can't do what was asked."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from deploy.local.errors import LocalError


@contextmanager
def plainly() -> Iterator[None]:
    """Turns an error that says what to do into its text on stderr and exit status 1."""
    try:
        yield
    except LocalError as error:
        Console(stderr=True).print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
