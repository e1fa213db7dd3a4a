"""The solver's process: `python -m services.events.computation.solver_process PARENT_PID`.

Reads a task from the first line of standard input and writes progress, then the outcome, one JSON object per line. A second
line of input stops the search with its best schedule so far, or with the first one found.

OR-Tools is loaded here and never in the service: a search holds the interpreter, which would delay Kafka's heartbeats.
"""

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

from services.events import scheduling
from services.events.computation.protocol import (
    MeetingPlacement,
    NoSchedule,
    PublishedSchedule,
    SearchProgress,
    SolvedSchedule,
    SolverMessage,
    SolverOutcome,
    SolverTask,
    UnplacedMeeting,
)
from services.events.scheduling.metrics import count_breaks, count_table_changes
from services.events.scheduling.tables.assignment import assign_tables
from services.events.texts import TEXTS
from shared.chassis.texts import text
from shared.chassis.workers.child_process import die_with
from shared.contracts.base import Language


class SearchControl:
    """Reports the progress of a search and stops it: at its best schedule so far, or at the first one found."""

    def __init__(self, report: Callable[[SearchProgress], None]) -> None:
        self.cancel = threading.Event()
        self._report = report
        self._lock = threading.Lock()
        self._stop_requested = self._has_schedule = False

    def on_improvement(self, slots: Mapping[str, int], breaks: int) -> None:
        """Report a better schedule."""
        self._report(SearchProgress(placed=len(slots), breaks=breaks))
        with self._lock:
            self._has_schedule = True
            self._cancel_if_due()

    def stop(self) -> None:
        """Request the end of the search."""
        with self._lock:
            self._stop_requested = True
            self._cancel_if_due()

    def _cancel_if_due(self) -> None:
        if self._stop_requested and self._has_schedule:
            self.cancel.set()


def solve(task: SolverTask, control: SearchControl | None = None) -> SolverOutcome:
    """Solve a task. Takes about its time limit where optimality cannot be proven."""
    control = control or SearchControl(lambda _: None)
    if task.repair and task.published is not None:
        return SolverOutcome(schedule=_repair(task, task.published, control))
    problem = _problem(task, _meetings(task))
    try:
        schedule = scheduling.solve(problem, task.time_limit, names=task.names, options=_options(task, control))
    except scheduling.NoScheduleInTime:
        reason = TEXTS.localized(text("no-agenda-in-time", seconds=f"{task.time_limit:g}"))
        return SolverOutcome(no_schedule=NoSchedule(it=reason.it, en=reason.en))
    if isinstance(schedule, scheduling.Infeasible):
        return SolverOutcome(no_schedule=NoSchedule(it=_sentences(schedule, "it"), en=_sentences(schedule, "en")))
    return SolverOutcome(schedule=_message(_with_published_tables(task, problem, schedule), schedule.breaks, schedule.breaks_bound))


def _options(task: SolverTask, control: SearchControl) -> scheduling.SolverOptions:
    """The task's further objectives; the published slots are the start of the search and its last objective."""
    meetings = {meeting.id for meeting in task.meetings}
    published = task.published.placements if task.published else ()
    slots = {placement.meeting_id: placement.slot for placement in published if placement.meeting_id in meetings} or None
    return scheduling.SolverOptions(
        minimise_gaps=task.minimise_gaps,
        published=slots,
        start=slots,
        progress_listener=control.on_improvement,
        cancel=control.cancel,
    )


def _with_published_tables(task: SolverTask, problem: scheduling.Problem, schedule: scheduling.Schedule) -> scheduling.Schedule:
    """Keep meetings at their published tables where that costs no table changes."""
    slots = {placement.meeting_id: placement.slot for placement in schedule.placements}
    published = task.published.placements if task.published else ()
    preferred = {
        placement.meeting_id: placement.table for placement in published if slots.get(placement.meeting_id) == placement.slot
    }
    if not preferred:
        return schedule
    tables = assign_tables(problem, slots, preferred)
    if count_table_changes(problem, slots, tables) > schedule.table_changes:
        return schedule
    placements = (scheduling.Placement(id, slot, tables[id]) for id, slot in slots.items())
    return replace(schedule, placements=tuple(sorted(placements, key=lambda placement: (placement.slot, placement.table))))


def _repair(task: SolverTask, published: PublishedSchedule, control: SearchControl) -> SolvedSchedule:
    """Change as little as possible. A repair proves no bound on breaks."""
    meetings = _meetings(task)
    problem = _problem(task, tuple(meeting for meeting in meetings if meeting.id not in published.new_meetings))
    disruption = scheduling.Disruption(accepted=tuple(meeting for meeting in meetings if meeting.id in published.new_meetings))
    before = [scheduling.Placement(placed.meeting_id, placed.slot, placed.table) for placed in published.placements]
    repaired = scheduling.repair(
        problem,
        before,
        published.next_slot,
        disruption,
        task.time_limit,
        task.names,
        progress_listener=control.on_improvement,
        cancel=control.cancel,
    )
    slots = {placement.meeting_id: placement.slot for placement in repaired.placements}
    whole = _problem(task, meetings)
    return _message(repaired, count_breaks(whole, slots), 0).model_copy(update={"is_fair": _is_fair(whole, slots)})


def _is_fair(problem: scheduling.Problem, slots: Mapping[str, int]) -> bool:
    """Whether the breaks of any two participants with a meeting differ by no more than the problem allows."""
    day = {slot.number: slot.day for slot in problem.slots}
    breaks = []
    for meetings in problem.meetings_of.values():
        busy = sorted(slots[meeting.id] for meeting in meetings if meeting.id in slots)
        if busy:
            breaks.append(sum(day[earlier] == day[later] and later > earlier + 1 for earlier, later in pairwise(busy)))
    return not breaks or max(breaks) - min(breaks) <= problem.fairness


def _message(schedule: "scheduling.Schedule | scheduling.RepairedSchedule", breaks: int, bound: int) -> SolvedSchedule:
    return SolvedSchedule(
        placements=tuple(
            MeetingPlacement(meeting_id=placement.meeting_id, slot=placement.slot, table=placement.table)
            for placement in schedule.placements
        ),
        unplaced=tuple(_unplaced(unplaced) for unplaced in schedule.unplaced),
        status=schedule.status,
        breaks=breaks,
        bound=bound,
    )


def _unplaced(unplaced: scheduling.UnplacedMeeting) -> UnplacedMeeting:
    # Not localized(): the service shortens these, which may be longer than a published text.
    return UnplacedMeeting(
        meeting_id=unplaced.meeting_id, it=TEXTS.write(unplaced.reason, "it"), en=TEXTS.write(unplaced.reason, "en")
    )


def _sentences(infeasible: scheduling.Infeasible, language: Language) -> str:
    return " ".join(TEXTS.write(reason, language) for reason in infeasible.reasons)


def _meetings(task: SolverTask) -> tuple[scheduling.Meeting, ...]:
    return tuple(
        scheduling.Meeting(meeting.id, meeting.participants, mandatory=meeting.mandatory, virtual=meeting.virtual)
        for meeting in task.meetings
    )


def _problem(task: SolverTask, meetings: tuple[scheduling.Meeting, ...]) -> scheduling.Problem:
    return scheduling.Problem(
        participants=tuple(
            scheduling.Participant(
                id=participant.id,
                unavailable=participant.unavailable,
                max_meetings=participant.max_meetings,
                min_gap=participant.min_gap,
                own_table=participant.own_table,
                stationary=participant.stationary,
            )
            for participant in task.participants
        ),
        meetings=meetings,
        slots=tuple(scheduling.Slot(slot.number, slot.session, slot.day) for slot in task.slots),
        tables=task.tables,
        fairness=task.fairness,
        special_tables=tuple(
            scheduling.Table(table.number, table.seats, table.virtual, table.closed_slots) for table in task.special_tables
        ),
    )


def main() -> None:
    """Solve the task on standard input."""
    control = SearchControl(lambda progress: _write(SolverMessage(progress=progress)))
    task = SolverTask.model_validate_json(sys.stdin.readline())
    stop_reader = threading.Thread(target=_read_stop, args=[control], daemon=True)
    stop_reader.start()
    outcome = solve(task, control)
    _write(SolverMessage(schedule=outcome.schedule, no_schedule=outcome.no_schedule))
    stop_reader.join()  # until the parent has the outcome and closes the input: a late stop must not hit a closed pipe


def _read_stop(control: SearchControl) -> None:
    if sys.stdin.readline():
        control.stop()


def _write(message: SolverMessage) -> None:
    sys.stdout.write(message.model_dump_json(exclude_none=True) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    main()
