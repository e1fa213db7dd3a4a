"""The ranking at size: one refresh, all shortlists, memory; beside scikit-learn's brute-force cosine over the same matrices.

Both run in a process of their own, in turns, with one thread for arithmetic; MEMBERS members have three offers and needs each.
"""

import asyncio
import json
import os
import resource
import sys
import time
from typing import Any

from benchmarks.fixtures import Ground, Tick
from benchmarks.report import Row, Target

STEPS = 1
MEMBERS = int(os.environ.get("BENCH_MEMBERS", "100000"))
# Viewers measured, spread over all; what all would take is told from them, and said so.
SAMPLE = int(os.environ.get("BENCH_SAMPLE", "1000"))
REFRESHED = 200
# Viewers whose rows scikit-learn multiplies at once: more would save it work, and take gigabytes.
TOGETHER = 100
CORES = 2
PARTS = 5
LIMIT = 20
MEGABYTE = 1024


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """Rank and multiply in a child process."""
    measured = await _child()
    tick()
    times = f"{MEMBERS:,} members"
    all_seconds = [value * MEMBERS / CORES for value in measured["each"]]
    brute_seconds = [value * MEMBERS / CORES for value in measured["brute"]]
    return [
        Row(
            f"matching, {times}, the lists of one member, CPU",
            "ms",
            [s * 1000 for s in measured["one"]],
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
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.matching", stdout=asyncio.subprocess.PIPE, env={**os.environ, **one_thread}
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the matching benchmark's process ended with {process.returncode}")
    answer: dict[str, Any] = json.loads(said)
    return answer


def _measure() -> dict[str, Any]:
    import numpy as np
    from sklearn.metrics.pairwise import cosine_similarity

    from benchmarks.synthetic_members import crowd
    from services.matching.ranking import ShortlistIndex
    from services.matching.ranking.corpus.documents import Documents

    begun = time.process_time()
    index = ShortlistIndex(crowd(MEMBERS))
    built = time.process_time() - begun
    documents: Documents = index._documents
    viewers = np.arange(0, MEMBERS, max(1, MEMBERS // SAMPLE))
    ids = [f"m{number:06}" for number in viewers]
    one = []
    for id in ids[:: max(1, len(ids) // REFRESHED)]:
        begun = time.process_time()
        index.shortlist(id, LIMIT)
        one.append(time.process_time() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    # In turns, so that a machine that is busy for a while is so for both; several parts, so that the spread shows.
    each, brute = [], []
    for part in range(PARTS):
        some = viewers[part::PARTS]
        begun = time.process_time()
        for _ in index.shortlists(ids[part::PARTS], LIMIT):
            pass
        each.append((time.process_time() - begun) / len(some))
        begun = time.process_time()
        for block in np.array_split(some, max(1, len(some) // TOGETHER)):
            rows = np.concatenate([np.arange(documents.rows(v).start, documents.rows(v).stop) for v in block])
            cosine_similarity(documents.vectors[rows], documents.vectors)
        brute.append((time.process_time() - begun) / len(some))
    return {"built": built, "each": each, "brute": brute, "one": one, "memory": memory}


if __name__ == "__main__":
    print(json.dumps(_measure()))
