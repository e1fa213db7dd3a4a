"""Milliseconds from a commit in one service to visible in another's projection, against bare Kafka at the same rate.

Every end is a process of its own. Bare Kafka is produce to consume of the same records: no store on either end.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from statistics import quantiles

from benchmarks.fixtures import Ground, Tick
from benchmarks.latency_endpoints.pacer import RATES, ids
from benchmarks.report import Row, Target
from shared.chassis.config import Settings

SECONDS, WARM_SECONDS = 5, 1
ROUNDS = 2
STEPS = 2 * ROUNDS


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """Send at each rate through the house and on bare Kafka, in turns."""
    settings = {way: await ground.settings(f"latency-{way}") for way in ("house", "bare")}
    waits: dict[tuple[str, int], list[float]] = {(way, rate): [] for way in settings for rate in RATES}
    for number in range(ROUNDS):
        for way in ("house", "bare") if number % 2 else ("bare", "house"):
            taken = await _pass(settings[way], way, f"run{number}", ground.directory)
            for rate in RATES:
                waits[way, rate] += taken[rate]
            tick()
    rows: list[Row] = []
    for rate in RATES:
        what = f"commit to visible at {rate}/s"
        for name, cut in (("p50", 50), ("p99", 99)):
            ours, bare = (quantiles(waits[way, rate], n=100)[cut - 1] for way in ("house", "bare"))
            target = Target("at most", 3) if name == "p50" else None
            rows.append(Row(f"{what}, {name}", "ms", [ours], "bare Kafka", [bare], target))
    return rows


async def _pass(settings: Settings, way: str, run: str, directory: Path) -> dict[int, list[float]]:
    """Let one end hear what the other speaks; return by rate what each event took, in milliseconds, the first second left out."""
    seconds = WARM_SECONDS + SECONDS
    words = way, run, str(seconds)
    heard, spoken = directory / f"{way}-{run}-heard.json", directory / f"{way}-{run}-spoken.json"
    hearing = await _start(settings, "hear", *words, str(heard))
    try:
        speaking = await _start(settings, "speak", *words, str(spoken))
        try:
            await _ended(speaking)
            await _ended(hearing)
        finally:
            _kill(speaking)
    finally:
        _kill(hearing)
    seen = json.loads(heard.read_text())
    sent = json.loads(spoken.read_text())
    return {rate: [(seen[id] - sent[id]) * 1000 for id in ids(run, rate, seconds)[WARM_SECONDS * rate :]] for rate in RATES}


async def _start(settings: Settings, *words: str) -> Process:
    environment = {**os.environ, **settings.environment()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.latency_endpoints", *words, stdout=PIPE, env=environment
    )
    assert process.stdout is not None
    if (said := await asyncio.wait_for(process.stdout.readline(), 30)) != b"ready\n":
        raise RuntimeError(f"{' '.join(words)} ended before it was ready, after saying {said!r}: see what it wrote above.")
    return process


async def _ended(process: Process) -> None:
    if status := await asyncio.wait_for(process.wait(), 60):
        raise RuntimeError(f"an end of the latency benchmark failed with exit status {status}: see what it wrote above.")


def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()
