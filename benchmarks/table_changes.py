"""Table changes with and without the search for other slots: `python -m benchmarks.table_changes SECONDS [DIRECTORY]`.

SECONDS of processor time per schedule; DIRECTORY holds instances of the published benchmark.
"""

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.scheduling_instances.run import _numbered
from services.events import scheduling
from services.events.scheduling import Meeting, Participant, Problem, Schedule, Slot, Wish, options
from services.events.scheduling.sat import bound_search

# people, meetings, slots, days, tables, most meetings of somebody, tables of one's own
HALLS = (
    (60, 180, 12, 1, 20, 10, 0),
    (60, 240, 16, 1, 25, 14, 0),
    (80, 320, 16, 1, 30, 12, 0),
    (80, 320, 16, 1, 30, 12, 12),
    (100, 400, 12, 1, 45, 11, 0),
    (100, 400, 20, 1, 40, 14, 0),
    (100, 400, 20, 2, 40, 14, 0),
    (120, 500, 16, 1, 40, 12, 0),
    (120, 500, 16, 1, 40, 12, 20),
    (150, 600, 16, 1, 50, 12, 0),
    (200, 660, 15, 1, 60, 12, 0),
    (200, 500, 18, 2, 40, 12, 0),
)


def hall(seed: int, people: int, meetings: int, slots: int, days: int, tables: int, most: int, own: int) -> Problem:
    """A few are much asked for, everybody has a meeting at least, one in seven is away for up to three slots."""
    chance = random.Random(seed)
    ids = [f"p{number:03d}" for number in range(people)]
    weights = [(1 + rank) ** -(0.3 if seed == 2 else 0.5 if seed == 12 else 0.4) for rank in range(people)]
    chance.shuffle(weights)
    count = dict.fromkeys(ids, 0)
    pairs: set[tuple[str, str]] = set()

    def meet(first: str, second: str) -> None:
        pair = min(first, second), max(first, second)
        if first != second and pair not in pairs and max(count[first], count[second]) < most:
            pairs.add(pair)
            count[first] += 1
            count[second] += 1

    for id in ids:
        while not count[id]:
            meet(id, chance.choices(ids, weights)[0])
    while len(pairs) < meetings:
        first, second = chance.choices(ids, weights, k=2)
        meet(first, second)
    away = {id: chance.randint(1, slots - 2) for id in ids if chance.random() < 1 / 7}
    table = {id: tables - number for number, id in enumerate(sorted(ids, key=lambda id: -count[id])[:own])}
    return Problem(
        tuple(Participant(id, frozenset(range(away[id], away[id] + 3) if id in away else ()), table=table.get(id)) for id in ids),
        tuple(Meeting(f"m{number:04d}", pair) for number, pair in enumerate(sorted(pairs))),
        tuple(Slot(number, day := 1 + (number - 1) * days // slots, day) for number in range(1, slots + 1)),
        tables,
    )


def problems(directory: Path | None) -> Iterator[tuple[str, Problem]]:
    for seed, shape in enumerate(HALLS, start=1):
        people, _, slots, days, tables, _, own = shape
        yield f"{people} people, {slots} slots, {days} days, {tables} tables, {own} own", hall(seed, *shape)
    for file in sorted(directory.glob("*.original.dzn")) if directory else ():
        yield file.name.removesuffix(".original.dzn"), _numbered(scheduling.parse_dzn(file.read_text(), 2))


def main(seconds: float, directory: Path | None) -> None:
    clock: Any = SimpleNamespace(monotonic=time.process_time)
    options.time = bound_search.time = clock  # type: ignore[attr-defined]
    for name, problem in problems(directory):
        people = sum(1 for meetings in problem.meetings_of.values() if meetings)
        for walks in (False, True):
            began = time.process_time()
            found = scheduling.solve(problem, seconds, wish=Wish(walks=walks))
            assert isinstance(found, Schedule)
            assert not scheduling.check(problem, found).violations
            sys.stdout.write(
                f"{name}{', searched' if walks else ''}: {len(found.placements)} of {len(problem.meetings)} placed, "
                f"{found.breaks} breaks, {found.table_changes} table changes ({found.table_changes / people:.2f} a person), "
                f"{found.table_changes_here} at least here, {found.table_changes_bound} anywhere, "
                f"{time.process_time() - began:.1f} s\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
