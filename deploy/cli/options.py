"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[Path, typer.Option("--data-dir", help="Where the local system keeps its data.", file_okay=False)]
Servers = Annotated[
    bool,
    typer.Option("--servers", help="The servers of DISTRETTI_MONGO_URL and DISTRETTI_KAFKA_BOOTSTRAP instead."),
]
DEFAULT_DATA_DIR = Path("var")
