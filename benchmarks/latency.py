"""Milliseconds from a commit in one service to its visibility in another's projection, against plain Kafka at the same rate.

Each endpoint is a process of its own. Plain Kafka is produce to consume of the same records, without a database.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from statistics import quantiles

from benchmarks.fixtures import Fixtures, Tick
from benchmarks.latency_endpoints.pacer import RATES, ids
from benchmarks.report import Row, Target
from shared.chassis.config import Settings

SECONDS, WARM_SECONDS = 5, 1
ROUNDS = 2
STEPS = 2 * ROUNDS


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Send at each rate through the system and on plain Kafka, alternately."""
    settings = {path: await fixtures.settings(f"latency-{path}") for path in ("system", "kafka")}
    latencies: dict[tuple[str, int], list[float]] = {(path, rate): [] for path in settings for rate in RATES}
    for number in range(ROUNDS):
        for path in ("system", "kafka") if number % 2 else ("kafka", "system"):
            measured = await _run(settings[path], path, f"run{number}", fixtures.directory)
            for rate in RATES:
                latencies[path, rate] += measured[rate]
            tick()
    rows: list[Row] = []
    for rate in RATES:
        label = f"commit to visible at {rate}/s"
        for name, cut in (("p50", 50), ("p99", 99)):
            latency, baseline = (quantiles(latencies[path, rate], n=100)[cut - 1] for path in ("system", "kafka"))
            target = Target("at most", 3) if name == "p50" else None
            rows.append(Row(f"{label}, {name}", "ms", [latency], "plain Kafka", [baseline], target))
    return rows


async def _run(settings: Settings, path: str, run: str, directory: Path) -> dict[int, list[float]]:
    """Latency of each event by rate, in milliseconds, without the first second."""
    seconds = WARM_SECONDS + SECONDS
    arguments = path, run, str(seconds)
    received_file, sent_file = directory / f"{path}-{run}-received.json", directory / f"{path}-{run}-sent.json"
    receiver = await _start(settings, "receive", *arguments, str(received_file))
    try:
        sender = await _start(settings, "send", *arguments, str(sent_file))
        try:
            await _ended(sender)
            await _ended(receiver)
        finally:
            _kill(sender)
    finally:
        _kill(receiver)
    received = json.loads(received_file.read_text())
    sent = json.loads(sent_file.read_text())
    return {rate: [(received[id] - sent[id]) * 1000 for id in ids(run, rate, seconds)[WARM_SECONDS * rate :]] for rate in RATES}


async def _start(settings: Settings, *words: str) -> Process:
    environment = {**os.environ, **settings.environment()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.latency_endpoints", *words, stdout=PIPE, env=environment
    )
    assert process.stdout is not None
    if (line := await asyncio.wait_for(process.stdout.readline(), 30)) != b"ready\n":
        raise RuntimeError(f"{' '.join(words)} ended before it was ready, with {line!r}: see its output above.")
    return process


async def _ended(process: Process) -> None:
    if status := await asyncio.wait_for(process.wait(), 60):
        raise RuntimeError(f"an endpoint of the latency benchmark failed with exit status {status}: see its output above.")


def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()
