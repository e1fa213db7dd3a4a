"""Large events generated from a seed, an afternoon and two days: their schedules, and a repair of each after a no-show."""

import random
import time
from collections.abc import Mapping

from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row, Target
from services.events import scheduling
from services.events.scheduling import Disruption, Meeting, Participant, Problem, Schedule, Slot, SolverOptions

STEPS = 4
SEED = 1
AFTERNOON_SECONDS, TWO_DAYS_SECONDS, REPAIR_SECONDS = 60.0, 150.0, 5.0
"""The time limits of the schedules, and of a repair."""
LIMIT_TOLERANCE = 1.1
"""How much longer than its time limit a schedule may take."""


async def measure(_fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Solve each event once on one core, without any store."""
    afternoon = synthetic_event(firms=540, meetings=800, slots=15, days=1, tables=60, max_meetings=12, skew=0.5)
    two_days = synthetic_event(firms=1000, meetings=5000, slots=36, days=2, tables=140, max_meetings=36, skew=0.3)
    rows = []
    for name, problem, limit in (
        ("540 firms, 800 meetings", afternoon, AFTERNOON_SECONDS),
        ("1,000 firms, 5,000 meetings", two_days, TWO_DAYS_SECONDS),
    ):
        schedule, schedule_rows = _schedule(name, problem, limit)
        tick()
        rows += [*schedule_rows, *_repair(name, problem, schedule)]
        tick()
    return rows


def _schedule(name: str, problem: Problem, limit: float) -> tuple[Schedule, list[Row]]:
    """Solve, and compare with the bounds."""
    first_schedule: list[float] = []

    def record_time(_slots: Mapping[str, int], _breaks: int) -> None:
        first_schedule.append(time.perf_counter() - started)

    started = time.perf_counter()
    schedule = scheduling.solve(problem, limit, options=SolverOptions(progress_listener=record_time))
    seconds = time.perf_counter() - started
    assert isinstance(schedule, Schedule), "no meeting is fixed: there is a schedule"
    verification = scheduling.verify(problem, schedule)
    gap = 100.0 * (schedule.placed_bound - verification.placed) / schedule.placed_bound
    attendances = sum(len(meeting.participants) for meeting in problem.meetings)
    breaks, bound = verification.breaks, schedule.breaks_bound
    return schedule, [
        Row(f"{name}: placed", "meetings", [verification.placed]),
        Row(f"{name}: placed, from the bound of {schedule.placed_bound}", "%", [gap], target=Target("at most", 2)),
        Row(f"{name}: breaks; no schedule has fewer than {bound}", "breaks", [breaks]),
        Row(f"{name}: breaks over the bound, of all visits", "%", [100.0 * (breaks - bound) / attendances]),
        Row(f"{name}: first schedule", "s", first_schedule[:1], target=Target("at most", 10)),
        Row(f"{name}: agenda", "s", [seconds], target=Target("at most", LIMIT_TOLERANCE * limit)),
        Row(f"{name}: broken", "rules", [len(verification.violations)], target=Target("at most", 0)),
    ]


def _repair(name: str, problem: Problem, schedule: Schedule) -> list[Row]:
    """The participant with most meetings does not come: their meetings are lost, no other need change."""
    absent = max(problem.participants, key=lambda participant: len(problem.meetings_of[participant.id])).id
    no_show = Disruption({absent: frozenset(slot.number for slot in problem.slots)})
    started = time.perf_counter()
    repaired = scheduling.repair(problem, schedule.placements, 5, no_show, REPAIR_SECONDS)
    seconds = time.perf_counter() - started
    changed = len(repaired.moved) + len(repaired.dropped)
    return [
        Row(f"{name}: repair after a no-show", "s", [seconds], target=Target("at most", REPAIR_SECONDS)),
        Row(
            f"{name}: repair, changed beyond the {repaired.changes_bound} that must",
            "meetings",
            [changed - repaired.changes_bound],
            target=Target("at most", 0),
        ),
    ]


def synthetic_event(firms: int, meetings: int, slots: int, days: int, tables: int, max_meetings: int, skew: float) -> Problem:
    """Firms of which a few are in great demand and all have a meeting at least; one in seven is away for three slots.

    No pair meets twice. `skew` is the exponent by which popularity falls with rank.
    """
    generator = random.Random(SEED)
    ids = [f"firm-{number:04d}" for number in range(firms)]
    weights = [(1 + rank) ** -skew for rank in range(firms)]
    generator.shuffle(weights)
    count = dict.fromkeys(ids, 0)
    pairs: set[tuple[str, str]] = set()

    def add_meeting(first: str, second: str) -> None:
        pair = min(first, second), max(first, second)
        if first != second and pair not in pairs and max(count[first], count[second]) < max_meetings:
            pairs.add(pair)
            count[first] += 1
            count[second] += 1

    for id in ids:
        while not count[id]:
            add_meeting(id, generator.choices(ids, weights)[0])
    while len(pairs) < meetings:
        add_meeting(*generator.choices(ids, weights, k=2))
    away_from = {id: generator.randint(1, slots - 3) for id in ids if generator.random() < 1 / 7}
    unavailable = {id: frozenset(range(first, first + 3)) for id, first in away_from.items()}
    return Problem(
        participants=tuple(Participant(id, unavailable.get(id, frozenset())) for id in ids),
        meetings=tuple(Meeting(f"meeting-{number:04d}", pair) for number, pair in enumerate(sorted(pairs))),
        slots=tuple(Slot(number, day := 1 + (number - 1) * days // slots, day) for number in range(1, slots + 1)),
        tables=tables,
    )
