"""The solver process answers a task on its standard input, and stops when asked to."""

import json
import os
import subprocess
import sys
from itertools import combinations

import pytest

from services.events import scheduling
from services.events.computation.protocol import (
    Meeting,
    MeetingPlacement,
    Participant,
    PublishedSchedule,
    SearchProgress,
    Slot,
    SolverMessage,
    SolverTask,
)
from services.events.computation.solver_process import SearchControl, solve
from shared.chassis.texts import text

COMMAND = [sys.executable, "-m", "services.events.computation.solver_process", str(os.getpid())]
MEMBERS = [f"m{number:02d}" for number in range(13)]


def task(
    slots: int, pairs: list[tuple[str, str]], time_limit: float = 20.0, published: PublishedSchedule | None = None
) -> SolverTask:
    return SolverTask(
        participants=tuple(Participant(id=member, unavailable=frozenset()) for member in MEMBERS),
        meetings=tuple(Meeting(id="-".join(pair), participants=pair) for pair in pairs),
        slots=tuple(Slot(number=number, session=1) for number in range(1, slots + 1)),
        tables=6,
        fairness=2,
        time_limit=time_limit,
        names={},
        published=published,
    )


def messages(output: str) -> list[SolverMessage]:
    return [SolverMessage.model_validate_json(line) for line in output.splitlines()]


def test_progress_comes_first_and_the_outcome_last() -> None:
    problem = task(4, [("m00", "m01"), ("m00", "m02"), ("m01", "m02")])
    done = subprocess.run(COMMAND, input=problem.model_dump_json() + "\n", capture_output=True, text=True, timeout=60, check=True)
    *progress, outcome = messages(done.stdout)
    assert all(message.progress for message in progress)
    assert progress[-1].progress == SearchProgress(placed=3, breaks=1)
    assert outcome.schedule is not None
    assert (outcome.schedule.status, len(outcome.schedule.placements), outcome.no_schedule) == ("optimal", 3, None)


def test_a_second_line_stops_the_search_with_the_best_schedule_so_far() -> None:
    """Every pair of 13 is to meet in one slot too few: no search proves the best of that within its time."""
    problem = task(12, list(combinations(MEMBERS, 2)), time_limit=300)
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        output, _ = process.communicate(problem.model_dump_json() + "\nstop\n", timeout=120)
    outcome = messages(output)[-1].schedule
    assert outcome is not None
    assert (outcome.status, process.returncode) == ("feasible", 0)


def test_a_control_cancels_once_there_is_a_schedule() -> None:
    reported: list[SearchProgress] = []
    control = SearchControl(reported.append)
    control.stop()
    assert not control.cancel.is_set()
    control.on_improvement({"m": 1}, 2)
    assert control.cancel.is_set()
    assert reported == [SearchProgress(placed=1, breaks=2)]


def test_reasons_where_there_is_no_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_time(*_: object, **__: object) -> None:
        raise scheduling.NoScheduleInTime(5)

    monkeypatch.setattr(scheduling, "solve", out_of_time)
    outcome = solve(task(4, [("m00", "m01")], time_limit=5))
    assert outcome.no_schedule is not None
    assert outcome.no_schedule.en == "No agenda was found in 5 seconds: allow more time."
    reasons = (text("schedule-free-slots", n=1), text("schedule-both"))
    monkeypatch.setattr(scheduling, "solve", lambda *_, **__: scheduling.Infeasible(reasons))
    outcome = solve(task(4, [("m00", "m01")]))
    assert outcome.no_schedule is not None
    assert (outcome.no_schedule.it, outcome.no_schedule.en) == ("1 slot libero entrambi", "1 free slot both")


def test_published_slots_and_tables_are_kept() -> None:
    placed = (MeetingPlacement(meeting_id="m00-m01", slot=3, table=5),)
    published = PublishedSchedule(placements=placed, next_slot=1, new_meetings=frozenset())
    schedule = solve(task(4, [("m00", "m01")], published=published)).schedule
    assert schedule is not None
    assert schedule.placements == placed


def test_a_repair_says_where_it_is_not_fair() -> None:
    """Fixed by the day: one pair met in the first slot and meets in the last, the others have no break."""
    pairs = [("m00", "m01"), ("m02", "m03")]
    placed = (
        MeetingPlacement(meeting_id="m00-m01", slot=1, table=1),
        MeetingPlacement(meeting_id="m02-m03", slot=1, table=2),
    )
    published = PublishedSchedule(placements=placed, next_slot=4, new_meetings=frozenset({"m00-m02"}))
    problem = task(4, [*pairs, ("m00", "m02")], published=published).model_copy(update={"repair": True, "fairness": 0})
    schedule = solve(problem).schedule
    assert schedule is not None
    assert (len(schedule.placements), schedule.breaks, schedule.is_fair) == (3, 2, False)


def test_the_process_refuses_a_task_it_does_not_know() -> None:
    line = json.dumps({**json.loads(task(1, []).model_dump_json()), "unknown": 1})
    done = subprocess.run(COMMAND, input=line + "\n", capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "unknown" in done.stderr
