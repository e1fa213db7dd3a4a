"""Large events made up from a seed: an afternoon with every meeting placed, a repair of it, two days with more than fits."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from benchmarks.ground import Ground, Tick
from benchmarks.report import Row, Target
from services.events import scheduling
from services.events.scheduling import Changes, Meeting, Participant, Problem, Slot

STEPS = 3
SEED = 1
LIMIT = 60.0
"""Seconds an agenda may take."""
Answer = TypeVar("Answer")


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """Solve each once on one core; the stores have no part in it."""
    rows = []
    afternoon = crowd(firms=540, meetings=800, slots=15, days=1, tables=60, most=12, skew=0.5)
    agenda, seconds = _timed(lambda: scheduling.solve(afternoon, LIMIT))
    assert isinstance(agenda, scheduling.Schedule), "nothing is fixed: there is a schedule"
    faults = len(scheduling.check(afternoon, agenda).violations)
    placed = 100.0 * len(agenda.placements) / len(afternoon.meetings)
    rows.append(Row("agenda, 540 firms, placed", "%", [placed], target=Target("at least", 100)))
    rows.append(Row("agenda, 540 firms, until the time is over or it is proven", "s", [seconds], target=Target("at most", LIMIT)))
    tick()
    absent = max(afternoon.participants, key=lambda one: len(afternoon.meetings_of[one.id])).id
    gone = Changes({absent: frozenset(range(1, 16))})
    published = agenda.placements
    repaired, seconds = _timed(lambda: scheduling.repair(afternoon, published, 5, gone, LIMIT))
    rows.append(Row("repair after a no-show, 540 firms", "s", [seconds], target=Target("at most", 5)))
    rows.append(Row("repair after a no-show, meetings moved", "", [len(repaired.moved)], target=Target("at most", 0)))
    tick()
    days = crowd(firms=1000, meetings=5000, slots=36, days=2, tables=140, most=36, skew=0.3)
    try:
        agenda, seconds = _timed(lambda: scheduling.solve(days, 5 * LIMIT))
        assert isinstance(agenda, scheduling.Schedule), "nothing is fixed: there is a schedule"
        faults += len(scheduling.check(days, agenda).violations)
        gap = 100.0 * (agenda.placed_bound - len(agenda.placements)) / agenda.placed_bound
    except scheduling.NoScheduleInTime as late:
        gap, seconds = 100.0, late.time_limit
    rows.append(Row("agenda, 1,000 firms, 5,000 requests, from the bound", "%", [gap], target=Target("at most", 2)))
    rows.append(Row("agenda, 1,000 firms, 5,000 requests", "s", [seconds]))
    rows.append(Row("agendas, rules broken", "", [faults], target=Target("at most", 0)))
    tick()
    return rows


def crowd(firms: int, meetings: int, slots: int, days: int, tables: int, most: int, skew: float) -> Problem:
    """Firms of which a few are much asked for and everybody has a meeting at least; one in seven is away for three slots.

    No pair meets twice, nobody has more than `most` meetings. `skew` is the exponent of how popularity falls with rank.
    """
    chance = random.Random(SEED)
    people = [f"firm-{number:04d}" for number in range(firms)]
    weights = [(1 + rank) ** -skew for rank in range(firms)]
    chance.shuffle(weights)
    count = dict.fromkeys(people, 0)
    pairs: set[tuple[str, str]] = set()

    def meet(one: str, other: str) -> None:
        pair = min(one, other), max(one, other)
        if one != other and pair not in pairs and max(count[one], count[other]) < most:
            pairs.add(pair)
            count[one] += 1
            count[other] += 1

    for one in people:
        while not count[one]:
            meet(one, chance.choices(people, weights)[0])
    while len(pairs) < meetings:
        meet(*chance.choices(people, weights, k=2))
    away = {one: chance.randint(1, slots - 3) for one in people if chance.random() < 1 / 7}
    return Problem(
        participants=tuple(Participant(one, frozenset(range(away[one], away[one] + 3) if one in away else ())) for one in people),
        meetings=tuple(Meeting(f"meeting-{number:04d}", pair) for number, pair in enumerate(sorted(pairs))),
        slots=tuple(Slot(number, day := 1 + (number - 1) * days // slots, day) for number in range(1, slots + 1)),
        tables=tables,
    )


def _timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    began = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - began
