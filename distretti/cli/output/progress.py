"""Progress bars for long work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from shared.chassis.progress import Advance, Begin


@contextmanager
def progress_bars(console: Console) -> Iterator["Begin"]:
    """Give a function that opens a bar by name and number of steps, and returns the function that advances it."""
    columns = TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console) as progress:

        def begin(name: str, steps: int) -> "Advance":
            task = progress.add_task(name, total=steps)
            return lambda done: progress.advance(task, done)

        yield begin
