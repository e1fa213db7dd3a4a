"""`distretti import ...`: import members, or a whole brokerage event, through the public API of the running system."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from distretti.cli.options import DEFAULT_DATA_DIR, DataDir

importing = typer.Typer(help="Import members or a brokerage event through the public API.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Directory = Annotated[Path, typer.Argument(exists=True, file_okay=False)]


@importing.command()
def members(file: File, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import FILE: members as NDJSON, in the format of the registry's bulk import."""
    from distretti.cli.sending import send_lines

    send_lines(data_dir, file)


@importing.command()
def cordis(directory: Directory, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import the Tuscan organisations of DIRECTORY (CORDIS), their projects as offers."""
    from distretti.cli.sending import read_and_send
    from distretti.importers.cordis import read_cordis

    read_and_send(data_dir, read_cordis, directory)


@importing.command()
def spinoffs(file: File, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import the university spin-offs of FILE, with their offers and needs."""
    from distretti.cli.sending import read_and_send
    from distretti.importers.spinoffs import read_spinoffs

    read_and_send(data_dir, read_spinoffs, file)


@importing.command()
def finance(directory: Directory, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Import the investors of DIRECTORY as financial operators."""
    from distretti.cli.sending import read_and_send
    from distretti.importers.finance import read_finance

    read_and_send(data_dir, read_finance, directory)


@importing.command()
def b2b(
    file: File,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the meetings; without it, the next 10 June.")
    ] = None,
    fairness: Annotated[int, typer.Option(min=0, max=50, help="By how many breaks two participants may differ.")] = 2,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Create a brokerage event from FILE, a scheduling instance (.dzn): members, registrations, accepted meetings."""
    from distretti.cli.sending import send_brokerage_event

    send_brokerage_event(data_dir, file, day.date() if day else None, fairness)
