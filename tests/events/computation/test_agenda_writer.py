"""From the solver's schedule to an agenda: reasons in few words, and what stands beside the placements."""

from typing import Any

from services.events.agenda.state import Agenda
from services.events.computation.agenda_writer import write_agenda
from services.events.computation.problem_builder import ProblemBuilder, SearchOptions
from services.events.computation.protocol import SolvedSchedule, UnplacedMeeting
from services.events.computation.restore import restored_version
from services.events.computation.shortening import LONGEST_NAME
from services.events.computation.solver_process import solve
from shared.contracts.events import Table
from tests.events.computation.factories import agreed, appointed, newest, registered, scheduling_input
from tests.events.computation.test_problem_builder import TIME, written
from tests.events.factories import slots


def test_a_group_with_long_names_and_no_place_is_told_in_a_few_words() -> None:
    group = [f"member-{number}" for number in range(10)]
    names = {member: f"{member} {'x' * 200}" for member in group}
    free = [registered(member, unavailable=[1] if member == group[0] else [2, 3]) for member in group]
    problem = ProblemBuilder(scheduling_input([agreed("m", group)], free), names)
    outcome = solve(problem.task(SearchOptions(TIME)))
    assert outcome.schedule is not None
    reason = write_agenda(problem, outcome.schedule, "i").unplaced[0].reason
    assert reason.en.endswith("… and 7 others have no free slot in common.")
    assert reason.it.endswith("… e altri 7 non hanno slot liberi in comune.")
    assert reason.en.count("…") == 3
    assert len(reason.en) < 4 * LONGEST_NAME


def test_the_longest_reason_keeps_within_its_length() -> None:
    four = [f"member-{number}" for number in range(4)]
    named = dict.fromkeys(four, "y" * 300)
    problem = ProblemBuilder(scheduling_input([agreed("m", four)], [registered(member) for member in four], slots=slots(2)), named)
    left_out = UnplacedMeeting(meeting_id="m", it="z" * 900, en="z" * 900)
    answer = SolvedSchedule(placements=(), unplaced=(left_out,), status="feasible", breaks=0, bound=0)
    reason = write_agenda(problem, answer, "i").unplaced[0].reason
    assert (len(reason.it), len(reason.en)) == (498, 498), "the ellipsis counts as three"


def test_labelled_tables_are_free_and_a_need_that_is_not_met_is_told() -> None:
    rooms = tuple(Table(number=number, label=f"Sala {number}") for number in (1, 2, 3))
    meetings = [agreed("m1", ("anna", "bruno")), agreed("m2", ("carla", "dora"))]
    registrations = [registered(member, fixed_table=member in ("anna", "carla")) for member in ("anna", "bruno", "carla", "dora")]
    met = written(ProblemBuilder(scheduling_input(meetings, registrations, tables=3, special_tables=rooms), {}))
    assert ({placement.meeting_id: placement.table for placement in met.placements}, met.unmet) == ({"m1": 3, "m2": 2}, ())
    without_table = written(
        ProblemBuilder(scheduling_input(meetings, registrations, tables=2, special_tables=rooms[:2]), {"carla": "Carla & C."})
    )
    assert [need.member_id for need in without_table.unmet] == ["carla"]
    assert without_table.unmet[0].reason.en.startswith("There is no table of its own for Carla & C.:")
    assert len(without_table.placements) == 2


def test_an_agenda_names_the_appointments_that_stand() -> None:
    sides = {"a1": ("anna", "bruno"), "a2": ("anna", "carla"), "a3": ("carla", "dora")}
    booked = [
        agreed(id, pair, appointment=appointed(slot, 1, pair)) for slot, (id, pair) in zip((3, 2, 1), sides.items(), strict=True)
    ]
    withdrawal = registered("carla", status="withdrawn")
    inputs = scheduling_input(
        [*booked, agreed("n", ("anna", "dora"))], [withdrawal, *(registered(member) for member in ("anna", "bruno", "dora"))]
    )
    agenda = written(ProblemBuilder(inputs, {}, newest({}), 2, repair=True))
    # Carla withdrew after the third had begun.
    assert [(appointment.meeting_id, appointment.slot) for appointment in agenda.appointments] == [("a1", 3), ("a3", 1)]
    state: Any = Agenda.from_event(agenda)
    assert restored_version(inputs, {}, state, state, 1, 2).appointments == agenda.appointments
