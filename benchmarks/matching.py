"""Ranking at scale: one member's lists, all shortlists, memory; against scikit-learn's brute-force cosine on the same matrices.

Both run alternately in a child process, with one thread for arithmetic; MEMBERS members have three offers and needs each.
"""

import asyncio
import json
import os
import resource
import sys
import time
from typing import Any

from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row, Target

STEPS = 1
MEMBERS = int(os.environ.get("BENCH_MEMBERS", "100000"))
# Number of viewers measured, spread over all members; the time for all members is extrapolated from them.
SAMPLE = int(os.environ.get("BENCH_SAMPLE", "1000"))
REFRESHED = 200
# Number of viewers whose rows scikit-learn multiplies at once: more would be faster, and take gigabytes.
BLOCK = 100
CORES = 2
PARTS = 5
LIMIT = 20
MEGABYTE = 1024


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Measure in a child process."""
    measured = await _child()
    tick()
    times = f"{MEMBERS:,} members"
    all_seconds = [value * MEMBERS / CORES for value in measured["all"]]
    brute_seconds = [value * MEMBERS / CORES for value in measured["brute"]]
    return [
        Row(
            f"matching, {times}, the lists of one member, CPU",
            "ms",
            [s * 1000 for s in measured["single"]],
            target=Target("at most", 50),
        ),
        Row(f"matching, {times}, all x {LIMIT} on {CORES} cores", "s", all_seconds, target=Target("at most", 600)),
        Row(
            f"matching, {times}, all x {LIMIT}, CPU of each core",
            "s",
            all_seconds,
            "cosine_similarity",
            brute_seconds,
            Target("at most", 1.5),
        ),
        Row(f"matching, {times}, memory", "MB", [measured["memory"]], target=Target("at most", 2048)),
        Row(f"matching, {times}, index built, CPU", "s", [measured["built"]]),
    ]


async def _child() -> dict[str, Any]:
    single_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.matching", stdout=asyncio.subprocess.PIPE, env={**os.environ, **single_thread}
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the matching benchmark's process ended with {process.returncode}")
    answer: dict[str, Any] = json.loads(output)
    return answer


def _measure() -> dict[str, Any]:
    import numpy as np
    from sklearn.metrics.pairwise import cosine_similarity

    from benchmarks.synthetic_members import synthetic_members
    from services.matching.ranking import ShortlistIndex
    from services.matching.ranking.corpus.documents import Documents

    started = time.process_time()
    index = ShortlistIndex(synthetic_members(MEMBERS))
    built = time.process_time() - started
    documents: Documents = index._documents
    viewers = np.arange(0, MEMBERS, max(1, MEMBERS // SAMPLE))
    ids = [f"m{number:06}" for number in viewers]
    single = []
    for id in ids[:: max(1, len(ids) // REFRESHED)]:
        started = time.process_time()
        index.shortlist(id, LIMIT)
        single.append(time.process_time() - started)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    # Alternately, so that a busy machine affects both; in several parts, so that the spread shows.
    shortlists, brute = [], []
    for part in range(PARTS):
        part_of_viewers = viewers[part::PARTS]
        started = time.process_time()
        for _ in index.shortlists(ids[part::PARTS], LIMIT):
            pass
        shortlists.append((time.process_time() - started) / len(part_of_viewers))
        started = time.process_time()
        for block in np.array_split(part_of_viewers, max(1, len(part_of_viewers) // BLOCK)):
            rows = np.concatenate([np.arange(documents.rows(v).start, documents.rows(v).stop) for v in block])
            cosine_similarity(documents.vectors[rows], documents.vectors)
        brute.append((time.process_time() - started) / len(part_of_viewers))
    return {"built": built, "all": shortlists, "brute": brute, "single": single, "memory": memory}


if __name__ == "__main__":
    print(json.dumps(_measure()))
