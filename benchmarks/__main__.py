"""`python -m benchmarks [NAME...] [--json]`: run all benchmarks, or the named ones."""

import logging
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Protocol

import structlog
import typer
import uvloop
from rich.console import Console

from benchmarks import http, imports, latency, matching, memory, projection, reaction, relay, report, scheduling
from benchmarks.attacks import adversarial_texts, cancelled_requests, long_agendas, single_caller, unfinished_bodies, wrong_elements
from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row
from distretti.cli.output.progress import progress_bars
from distretti.devstack.backends import Infrastructure
from distretti.devstack.token_issuer import open_issuer


class Benchmark(Protocol):
    """A module of this package with a benchmark."""

    STEPS: int
    measure: Callable[[Fixtures, Tick], Awaitable[list[Row]]]


ALL: dict[str, Benchmark] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        projection,
        reaction,
        relay,
        latency,
        http,
        memory,
        scheduling,
        matching,
        imports,
        unfinished_bodies,
        wrong_elements,
        adversarial_texts,
        single_caller,
        long_agendas,
        cancelled_requests,
    )
}


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Some of: {', '.join(ALL)}. All unless given.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report instead of the table.")] = False,
) -> None:
    """Measure the system against its baselines, on a real Kafka and MongoDB. Writes var/bench/report.json."""
    if unknown := set(names or ()) - set(ALL):
        raise typer.BadParameter(f"no benchmark is named {', '.join(sorted(unknown))}: there are {', '.join(ALL)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    # A new topic has no leader for a moment, which the client would log for every partition.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    started = time.monotonic()
    rows = uvloop.run(_measure(names or list(ALL), Console(stderr=True)))
    content = report.as_json(rows, time.monotonic() - started)
    report.save(content)
    if json:
        print(content)
    else:
        Console(width=140).print(report.as_table(rows))


async def _measure(names: list[str], console: Console) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="distretti-bench-") as directory, progress_bars(console) as begin:
        async with Infrastructure(Path(directory) / "stores") as infrastructure:
            fixtures = Fixtures(infrastructure, open_issuer(Path(directory) / "issuer"), Path(directory))
            for name in names:
                advance = begin(name, ALL[name].STEPS)
                rows += await ALL[name].measure(fixtures, partial(advance, 1))
    return rows


if __name__ == "__main__":
    typer.run(main)
