"""Runs cases of the benchmark and has each schedule judged."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from benchmarks.scheduling_instances.cases import Case
from benchmarks.scheduling_instances.verifier import judge
from distretti.importers.dzn_file import text_of
from services.events import scheduling

IdMapping = Callable[[str], str]

WARM_UP_SECONDS = 60.0
"""The time limit of the smallest instance, which loads the solvers."""
SMALLEST_INSTANCE = """nBusiness = 2; nMeetings = 1; nTables = 1; nTotalSlots = 1; nMorningSlots = 1;
requested = [|1, 2, 3|]; forbidden = [{0}, {0}]; fixed = [0]; precedences = [{}];"""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a case; `seconds` of wall-clock time, `cpu` of processor time, which a busy machine does not change.

    `faults` are those the referee found, or why the file is no instance; `table_changes` and its bound are None without a schedule.
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
        """The part that compares with the published result."""
        return self.status if self.breaks is None else str(self.breaks)

    @property
    def proven(self) -> bool:
        """Whether the answer is final."""
        return self.status in ("optimal", "infeasible")

    @property
    def equal(self) -> bool:
        """Whether it is proven, without faults, and as published where a result is published."""
        return self.proven and not self.faults and self.case.published in (None, self.answer)


def run(cases: Iterable[Case], time_limit: float, order: int = 0) -> Iterator[Result]:
    """Solve each case on one core within `time_limit` seconds.

    `order` seeds another order of participants and meetings; 0 is that of the file.
    """
    # Loading the solvers takes a second, which should count for no case.
    scheduling.solve(scheduling.parse_dzn(SMALLEST_INSTANCE), WARM_UP_SECONDS)
    for case in cases:
        yield _solve(case, time_limit, order)


def _solve(case: Case, time_limit: float, order: int) -> Result:
    try:
        text = text_of(case.file)
        problem = with_padded_ids(scheduling.parse_dzn(text, case.fairness))
    except scheduling.ProblemError as error:
        return Result(case, "unreadable", None, 0.0, 0.0, (str(error),))
    shuffled, original_id = _shuffled(problem, order)
    started, cpu_started = time.perf_counter(), time.process_time()
    try:
        answer = scheduling.solve(shuffled, time_limit, workers=1, all_placed=True)
    except scheduling.NoScheduleInTime:
        return Result(case, "cut", None, time.perf_counter() - started, time.process_time() - cpu_started)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    if isinstance(answer, scheduling.Infeasible):
        return Result(case, "infeasible", None, seconds, cpu)
    slot_of = {original_id[placement.meeting_id]: placement.slot for placement in answer.placements}
    breaks, faults = judge(text, case.fairness, [slot_of[meeting.id] for meeting in problem.meetings])
    if breaks != answer.breaks:
        faults = [*faults, f"{answer.breaks} breaks stated, {breaks} counted"]
    changes, changes_bound = answer.table_changes, answer.table_changes_bound
    return Result(case, answer.status, breaks, seconds, cpu, tuple(faults), changes, changes_bound)


def with_padded_ids(problem: scheduling.Problem) -> scheduling.Problem:
    """Pad ids with zeros, so that their order is that of the file: the scheduler sorts by id."""

    def pad(number: str) -> str:
        return number.zfill(5)

    return _with_ids(problem, pad, pad)


def _shuffled(problem: scheduling.Problem, order: int) -> tuple[scheduling.Problem, dict[str, str]]:
    """Exchange ids so that the scheduler sees participants and meetings in another order; with each meeting's original id."""
    participants = [participant.id for participant in problem.participants]
    meetings = [meeting.id for meeting in problem.meetings]
    if order:
        generator = random.Random(order)
        generator.shuffle(participants)
        generator.shuffle(meetings)
    new_participant_id = dict(zip(participants, sorted(participants), strict=True))
    new_meeting_id = dict(zip(meetings, sorted(meetings), strict=True))
    original_id = {new: original for original, new in new_meeting_id.items()}
    return _with_ids(problem, new_participant_id.__getitem__, new_meeting_id.__getitem__), original_id


def _with_ids(problem: scheduling.Problem, participant_id: IdMapping, meeting_id: IdMapping) -> scheduling.Problem:
    return replace(
        problem,
        participants=tuple(replace(participant, id=participant_id(participant.id)) for participant in problem.participants),
        meetings=tuple(
            replace(
                meeting,
                id=meeting_id(meeting.id),
                participants=tuple(map(participant_id, meeting.participants)),
                predecessors=tuple(map(meeting_id, meeting.predecessors)),
            )
            for meeting in problem.meetings
        ),
    )
