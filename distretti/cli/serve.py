"""`distretti serve`: run one service."""

import os
import sys
from typing import Annotated

import typer

from distretti.cli.errors import exit_on_error
from distretti.devstack.errors import LocalError
from distretti.devstack.programs import service_names


def serve(name: Annotated[str, typer.Argument(help=f"One of {', '.join(service_names())}.")]) -> None:
    """Run one service with the settings of the environment (DISTRETTI_...), until stopped."""
    with exit_on_error():
        if name not in service_names():
            raise LocalError(f"No service is named {name}: there are {', '.join(service_names()) or 'none'}.")
    # Replaces this process, so that signals reach the service itself.
    os.execv(sys.executable, [sys.executable, "-m", f"services.{name}"])  # noqa: S606
