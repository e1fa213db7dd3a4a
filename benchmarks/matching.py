"""The ranking at size: one refresh, all shortlists, memory; beside scikit-learn's brute-force cosine over the same matrices.

Both run in processes of their own with one thread for arithmetic; MEMBERS members have three offers and needs each.
"""

import asyncio
import json
import os
import resource
import sys
import time
from typing import Any

from benchmarks.ground import Ground, Tick
from benchmarks.report import Row, Target

STEPS = 2
MEMBERS = int(os.environ.get("BENCH_MEMBERS", "100000"))
# Viewers measured, spread over all; what all would take is told from them, and said so.
SAMPLE = int(os.environ.get("BENCH_SAMPLE", "1000"))
REFRESHED = 200
# Viewers whose rows scikit-learn multiplies at once: more would save it work, and take gigabytes.
TOGETHER = 100
CORES = 2
LIMIT = 20
MEGABYTE = 1024


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """Rank in a child process, multiply in another."""
    ours, brute = [await _child(name) for name in ("ours", "brute")]
    tick()
    tick()
    times = f"{MEMBERS:,} members"
    all_seconds = [value * MEMBERS / CORES for value in ours["each"]]
    brute_seconds = [value * MEMBERS / CORES for value in brute["each"]]
    return [
        Row(f"matching, {times}, one profile refreshed, CPU", "ms", [s * 1000 for s in ours["one"]], target=Target("at most", 50)),
        Row(f"matching, {times}, all x {LIMIT} on {CORES} cores", "s", all_seconds, target=Target("at most", 600)),
        Row(f"matching, {times}, all x {LIMIT}, CPU", "s", all_seconds, "cosine_similarity", brute_seconds, Target("at most", 1.5)),
        Row(f"matching, {times}, memory", "MB", [ours["memory"]], target=Target("at most", 2048)),
        Row(f"matching, {times}, index built, CPU", "s", [ours["built"]]),
    ]


async def _child(name: str) -> dict[str, Any]:
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.matching", name, stdout=asyncio.subprocess.PIPE, env={**os.environ, **one_thread}
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the matching benchmark's process {name} ended with {process.returncode}")
    answer: dict[str, Any] = json.loads(said)
    return answer


def _ours() -> dict[str, Any]:
    from benchmarks.crowd import crowd
    from services.matching.ranking import Index

    begun = time.process_time()
    index = Index(crowd(MEMBERS))
    built = time.process_time() - begun
    ids = [f"m{number:06}" for number in range(0, MEMBERS, max(1, MEMBERS // SAMPLE))]
    # Several blocks are timed apart, so that the spread shows.
    each = []
    for part in range(5):
        some = ids[part::5]
        begun = time.process_time()
        for _ in index.shortlists(some, LIMIT):
            pass
        each.append((time.process_time() - begun) / len(some))
    one = []
    for id in ids[:: max(1, len(ids) // REFRESHED)]:
        begun = time.process_time()
        index.shortlist(id, LIMIT)
        one.append(time.process_time() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    return {
        "built": built,
        "each": each,
        "one": one,
        "memory": memory,
    }


def _brute() -> dict[str, Any]:
    import numpy as np
    from sklearn.metrics.pairwise import cosine_similarity

    from benchmarks.crowd import crowd
    from services.matching.ranking.documents import Documents

    documents = Documents(list(crowd(MEMBERS)))
    viewers = np.arange(0, MEMBERS, max(1, MEMBERS // SAMPLE))
    each = []
    for part in range(5):
        some = viewers[part::5]
        begun = time.process_time()
        for block in np.array_split(some, max(1, len(some) // TOGETHER)):
            rows = np.concatenate([np.arange(documents.rows(v).start, documents.rows(v).stop) for v in block])
            cosine_similarity(documents.vectors[rows], documents.vectors)
        each.append((time.process_time() - begun) / len(some))
    return {"each": each}


if __name__ == "__main__":
    print(json.dumps(_ours() if sys.argv[1] == "ours" else _brute()))
