"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

A_DAY = 86_400


def check_time_limit(seconds: float) -> float:
    """Refuse a negative time limit, one above a day, and NaN."""
    if not 0 <= seconds <= A_DAY:
        raise typer.BadParameter(f"must be from 0 to {A_DAY} seconds, a day, not {seconds:g}")
    return seconds


DataDir = Annotated[Path, typer.Option("--data-dir", help="Where the local system keeps its data.", file_okay=False)]
Servers = Annotated[
    bool,
    typer.Option("--servers", help="The servers of DISTRETTI_MONGO_URL and DISTRETTI_KAFKA_BOOTSTRAP instead."),
]
DEFAULT_DATA_DIR = Path("var")
