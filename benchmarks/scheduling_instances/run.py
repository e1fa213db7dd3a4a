"""Runs cases of the benchmark and has each answer judged."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from benchmarks.scheduling_instances.cases import Case
from benchmarks.scheduling_instances.verifier import judge
from distretti.importers.dzn_file import text_of
from services.events import scheduling

Rename = Callable[[str], str]

LOADING = 60.0
"""Seconds that the smallest instance may take: it has its own, also where the cases have none."""
SMALLEST = """nBusiness = 2; nMeetings = 1; nTables = 1; nTotalSlots = 1; nMorningSlots = 1;
requested = [|1, 2, 3|]; forbidden = [{0}, {0}]; fixed = [0]; precedences = [{}];"""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case; `seconds` by the clock, `cpu` of the processor, which others cannot take away.

    `faults` is what the referee found, or what makes the file no instance; `table_changes` and its bound are None without a
    schedule.
    """

    case: Case
    status: str
    breaks: int | None
    seconds: float
    cpu: float
    faults: tuple[str, ...] = ()
    table_changes: int | None = None
    table_changes_bound: int | None = None

    @property
    def answer(self) -> str:
        """What compares with what was published."""
        return self.status if self.breaks is None else str(self.breaks)

    @property
    def proven(self) -> bool:
        """Whether the answer is final."""
        return self.status in ("optimal", "infeasible")

    @property
    def equal(self) -> bool:
        """Whether it is proven, clean, and as published where that is known."""
        return self.proven and not self.faults and self.case.published in (None, self.answer)


def run(cases: Iterable[Case], time_limit: float, order: int = 0) -> Iterator[Result]:
    """Solve each case on one core within `time_limit` seconds.

    `order` seeds another order of people and meetings, 0 the file's.
    """
    scheduling.solve(scheduling.parse_dzn(SMALLEST), LOADING)  # loads the solvers, a second that is no case's
    for case in cases:
        try:
            text = text_of(case.file)
            problem = _numbered(scheduling.parse_dzn(text, case.fairness))
        except scheduling.ProblemError as error:
            yield Result(case, "unreadable", None, 0.0, 0.0, (str(error),))
            continue
        mixed, names = _mixed(problem, order)
        started, worked = time.perf_counter(), time.process_time()
        try:
            answer = scheduling.solve(mixed, time_limit, workers=1, all_placed=True)
        except scheduling.NoScheduleInTime:
            yield Result(case, "cut", None, time.perf_counter() - started, time.process_time() - worked)
            continue
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
        if isinstance(answer, scheduling.Infeasible):
            yield Result(case, "infeasible", None, seconds, cpu)
            continue
        slot_of = {names[placed.meeting_id]: placed.slot for placed in answer.placements}
        breaks, faults = judge(text, case.fairness, [slot_of[meeting.id] for meeting in problem.meetings])
        if breaks != answer.breaks:
            faults = [*faults, f"{answer.breaks} breaks stated, {breaks} counted"]
        yield Result(
            case,
            answer.status,
            breaks,
            seconds,
            cpu,
            tuple(faults),
            answer.table_changes,
            answer.table_changes_bound,
        )


def _numbered(problem: scheduling.Problem) -> scheduling.Problem:
    """Give ids the width that keeps the file's order: the scheduler sorts by id."""

    def wide(number: str) -> str:
        return number.zfill(5)

    return _renamed(problem, wide, wide)


def _mixed(problem: scheduling.Problem, order: int) -> tuple[scheduling.Problem, dict[str, str]]:
    """Rename everybody and every meeting so that the scheduler meets them in another order; with the way back."""
    people, meetings = [one.id for one in problem.participants], [one.id for one in problem.meetings]
    if order:
        chance = random.Random(order)
        chance.shuffle(people)
        chance.shuffle(meetings)
    person = dict(zip(people, sorted(people), strict=True))
    meeting = dict(zip(meetings, sorted(meetings), strict=True))
    return _renamed(problem, person.__getitem__, meeting.__getitem__), {new: old for old, new in meeting.items()}


def _renamed(problem: scheduling.Problem, person: Rename, meeting: Rename) -> scheduling.Problem:
    return replace(
        problem,
        participants=tuple(replace(one, id=person(one.id)) for one in problem.participants),
        meetings=tuple(
            replace(
                one,
                id=meeting(one.id),
                participants=tuple(map(person, one.participants)),
                after=tuple(map(meeting, one.after)),
            )
            for one in problem.meetings
        ),
    )
