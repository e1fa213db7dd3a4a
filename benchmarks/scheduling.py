"""Large events made up from a seed, an afternoon and two days: their agendas, and a repair of each after a no-show."""

import random
import time
from collections.abc import Mapping

from benchmarks.fixtures import Ground, Tick
from benchmarks.report import Row, Target
from services.events import scheduling
from services.events.scheduling import Changes, Meeting, Participant, Problem, Schedule, Slot, Wish

STEPS = 4
SEED = 1
AFTERNOON, DAYS, REPAIR = 60.0, 150.0, 5.0
"""Seconds an agenda may take, and a repair."""
LATE = 1.1
"""How much longer than allowed anything may take."""


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """Solve each once on one core; the stores have no part in it."""
    afternoon = crowd(firms=540, meetings=800, slots=15, days=1, tables=60, most=12, skew=0.5)
    days = crowd(firms=1000, meetings=5000, slots=36, days=2, tables=140, most=36, skew=0.3)
    rows = []
    for name, problem, limit in (("540 firms, 800 meetings", afternoon, AFTERNOON), ("1,000 firms, 5,000 meetings", days, DAYS)):
        agenda, found = _agenda(name, problem, limit)
        tick()
        rows += [*found, *_repair(name, problem, agenda)]
        tick()
    return rows


def _agenda(name: str, problem: Problem, limit: float) -> tuple[Schedule, list[Row]]:
    """Solve, and tell how far from what is possible at most the answer is."""
    first: list[float] = []

    def progress(_: Mapping[str, int], __: int) -> None:
        first.append(time.perf_counter() - began)

    began = time.perf_counter()
    agenda = scheduling.solve(problem, limit, wish=Wish(progress=progress))
    seconds = time.perf_counter() - began
    assert isinstance(agenda, Schedule), "nothing is fixed: there is a schedule"
    checked = scheduling.check(problem, agenda)
    gap = 100.0 * (agenda.placed_bound - checked.placed) / agenda.placed_bound
    attended = sum(len(one.participants) for one in problem.meetings)
    return agenda, [
        Row(f"{name}: placed", "meetings", [checked.placed]),
        Row(f"{name}: placed, from the bound of {agenda.placed_bound}", "%", [gap], target=Target("at most", 2)),
        Row(f"{name}: breaks; no schedule has fewer than {agenda.bound}", "breaks", [checked.breaks]),
        Row(f"{name}: breaks over the bound, of all visits", "%", [100.0 * (checked.breaks - agenda.bound) / attended]),
        Row(f"{name}: first schedule", "s", first[:1], target=Target("at most", 10)),
        Row(f"{name}: agenda", "s", [seconds], target=Target("at most", LATE * limit)),
        Row(f"{name}: broken", "rules", [len(checked.violations)], target=Target("at most", 0)),
    ]


def _repair(name: str, problem: Problem, agenda: Schedule) -> list[Row]:
    """Whoever has most meetings does not come: their meetings are lost, no other need change."""
    absent = max(problem.participants, key=lambda one: len(problem.meetings_of[one.id])).id
    gone = Changes({absent: frozenset(slot.number for slot in problem.slots)})
    began = time.perf_counter()
    repaired = scheduling.repair(problem, agenda.placements, 5, gone, REPAIR)
    seconds = time.perf_counter() - began
    changed = len(repaired.moved) + len(repaired.dropped)
    return [
        Row(f"{name}: repair after a no-show", "s", [seconds], target=Target("at most", REPAIR)),
        Row(
            f"{name}: repair, changed beyond the {repaired.bound} that must",
            "meetings",
            [changed - repaired.bound],
            target=Target("at most", 0),
        ),
    ]


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
