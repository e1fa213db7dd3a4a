"""From what is agreed to a problem and back, without a store and mostly without a solver."""

from dataclasses import replace
from typing import Any

from services.events.agenda.rules import publication as agendas
from services.events.agenda.state import Agenda
from services.events.computation.agenda_writer import write_agenda
from services.events.computation.problem_builder import ProblemBuilder, SearchOptions, digest_of
from services.events.computation.protocol import Participant, SolverTask
from services.events.computation.solver_process import solve
from shared.contracts.events import AgendaPublished
from tests.events.computation.factories import agreed, appointed, newest, registered, scheduling_input
from tests.events.factories import event_state, slots, two_days

TIME = 20.0


def written(problem: ProblemBuilder) -> AgendaPublished:
    """The agenda a problem ends in, checked by the rule that publishes."""
    outcome = solve(problem.task(SearchOptions(TIME)))
    assert outcome.schedule is not None
    return write_agenda(problem, outcome.schedule, "i")


def participant(task: SolverTask, person: str) -> Participant:
    return next(candidate for candidate in task.participants if candidate.id == person)


def places(agenda: AgendaPublished) -> dict[str, tuple[int, int]]:
    return {placement.meeting_id: (placement.slot, placement.table) for placement in agenda.placements}


def test_a_new_computation_changes_nothing_it_need_not() -> None:
    pairs = {"m1": ("anna", "bruno"), "m2": ("carla", "dora"), "m3": ("elio", "fabio"), "m4": ("gina", "hugo")}
    registrations = [registered(member) for pair in pairs.values() for member in pair]
    before = newest({"m1": (pairs["m1"], 3, 2), "m2": (pairs["m2"], 2, 1), "m3": (pairs["m3"], 3, 1)})
    inputs = scheduling_input([agreed(id, pair) for id, pair in pairs.items()], registrations, tables=3)
    second = written(ProblemBuilder(inputs, {}, before))
    assert {id: place for id, place in places(second).items() if id != "m4"} == {"m1": (3, 2), "m2": (2, 1), "m3": (3, 1)}
    assert (second.repaired, second.status, second.breaks, len(second.placements)) == (False, "optimal", 0, 4)


def test_idle_slots_are_asked_for() -> None:
    inputs = scheduling_input([agreed("m", ("anna", "bruno"))], [registered("anna"), registered("bruno")])
    task = ProblemBuilder(inputs, {}).task(SearchOptions(TIME, minimise_gaps=True))
    assert (task.minimise_gaps, task.repair) == (True, False)
    assert solve(task).schedule is not None
    # Carla must wait once: for one slot, and not for two.
    registrations = [registered("anna", unavailable=[3, 4]), registered("bruno", unavailable=[1, 2, 3]), registered("carla")]
    two = scheduling_input([agreed("m1", ("anna", "carla")), agreed("m2", ("bruno", "carla"))], registrations, slots=slots(4))
    answer = solve(ProblemBuilder(two, {}).task(SearchOptions(TIME, minimise_gaps=True))).schedule
    assert answer is not None
    assert [(placement.slot, answer.breaks) for placement in answer.placements] == [(2, 1), (4, 1)]


def test_who_needs_a_table_keeps_it_when_another_withdraws() -> None:
    meetings = [agreed("m1", ("anna", "bruno")), agreed("m2", ("carla", "dora")), agreed("m3", ("carla", "bruno"))]
    registrations = [registered(member, fixed_table=member in ("anna", "carla")) for member in ("anna", "bruno", "carla", "dora")]
    first = written(ProblemBuilder(scheduling_input(meetings, registrations, tables=10), {}))
    assert {placement.meeting_id: placement.table for placement in first.placements} == {"m1": 10, "m2": 9, "m3": 9}
    registrations[0] = replace(registrations[0], state=replace(registrations[0].state, status="withdrawn"))
    state: Any = Agenda.from_event(first)
    for repair in (True, False):
        second = written(ProblemBuilder(scheduling_input(meetings, registrations, tables=10), {}, state, repair=repair))
        assert places(second) == {id: place for id, place in places(first).items() if id != "m1"}


def test_appointments_count_among_meetings_and_rests() -> None:
    meetings = [agreed("m1", ("anna", "bruno")), agreed("a", ("anna", "carla"), appointment=appointed(3, 1, ("anna", "carla")))]
    registrations = [registered("anna", most_meetings=1, min_break=1), registered("bruno"), registered("carla")]
    task = ProblemBuilder(scheduling_input(meetings, registrations, slots=slots(5)), {}).task(SearchOptions(TIME))
    assert (participant(task, "anna").max_meetings, participant(task, "anna").unavailable) == (0, {2, 3, 4})
    left_out = written(ProblemBuilder(scheduling_input(meetings, registrations, slots=slots(5)), {})).unplaced
    assert left_out[0].reason.en == "anna has 1 accepted meeting, and its limit leaves room for none."


def test_what_has_begun_keeps_its_people_and_the_repair_goes_on() -> None:
    meetings = [agreed(f"m{n}", ("anna", partner)) for n, partner in enumerate(("bruno", "carla", "dora"))]
    partners = [registered(member) for member in ("bruno", "carla", "dora")]
    before = newest(
        {"m0": (("anna", "bruno"), 1, 1), "m1": (("anna", "carla"), 1, 2), "m2": (("anna", "dora"), 2, 1)},
        people={"m0": ("anna:r1", "bruno"), "m1": ("anna:r2", "carla"), "m2": ("anna:r2", "dora")},
    )
    remaining = scheduling_input(meetings, [registered("anna", ["r1"], most_meetings=3), *partners])
    repaired = written(ProblemBuilder(remaining, {}, before, 2, repair=True))
    assert {placement.meeting_id: placement.people for placement in repaired.placements} == {
        "m0": ("anna:r1", "bruno"),
        "m1": ("anna:r2", "carla"),
        "m2": ("anna:r1", "dora"),
    }
    assert agendas.publish(None, repaired, event_state())


def test_another_representative_is_another_input_whoever_sits_where() -> None:
    # A first agenda would give both meetings to the first two; the newest one may have seated the third.
    meetings = [agreed("m1", ("anna", "bruno")), agreed("m2", ("anna", "carla"))]
    partners = [registered("bruno"), registered("carla")]

    def digest(representatives: list[str]) -> str:
        return digest_of(scheduling_input(meetings, [registered("anna", representatives), *partners]))

    assert digest(["r1", "r2", "r3"]) != digest(["r1", "r2", "r4"])
    assert digest(["r1", "r2", "r3"]) != digest(["r1", "r2"])


def test_two_meetings_at_once_of_who_is_left_alone_are_parted() -> None:
    meetings = [agreed("m1", ("anna", "bruno")), agreed("m2", ("anna", "carla"))]
    before = newest(
        {"m1": (("anna", "bruno"), 2, 1), "m2": (("anna", "carla"), 2, 2)},
        people={"m1": ("anna:r2", "bruno"), "m2": ("anna:r1", "carla")},
    )
    registrations = [registered("anna", ["r1"]), registered("bruno"), registered("carla")]
    repaired = written(ProblemBuilder(scheduling_input(meetings, registrations), {}, before, 2, repair=True))
    assert places(repaired)["m2"] == (2, 2), "who sat there sits there still"
    assert places(repaired)["m1"][0] == 3
    assert agendas.publish(None, repaired, event_state())


def test_what_is_an_appointment_and_in_the_agenda_too_is_an_appointment() -> None:
    booked = agreed("m", ("anna", "bruno"), appointment=appointed(1, 1, ("anna", "bruno")))
    inputs = scheduling_input(
        [booked, agreed("n", ("anna", "carla"))], [registered(member) for member in ("anna", "bruno", "carla")]
    )
    before = newest({"m": (("anna", "bruno"), 1, 2), "n": (("anna", "carla"), 2, 1)})
    assert places(written(ProblemBuilder(inputs, {}, before, 2, repair=True))) == {"n": (2, 1)}


def test_who_does_not_come_is_left_out_of_the_day_and_not_of_the_next() -> None:
    meetings = [agreed("today", ("anna", "bruno")), agreed("tomorrow", ("anna", "carla")), agreed("other", ("bruno", "carla"))]
    registrations = [registered("anna", fixed_table=True), registered("bruno", unavailable=[3]), registered("carla")]
    before = newest({"today": (("anna", "bruno"), 2, 2), "tomorrow": (("anna", "carla"), 3, 2)})
    absent = {"anna": frozenset({1, 2})}
    repaired = written(
        ProblemBuilder(scheduling_input(meetings, registrations, absent, slots=two_days(2, 1)), {}, before, 2, repair=True)
    )
    assert places(repaired) == {"tomorrow": (3, 2), "other": (2, 1)}, "at the table of her own, which stays hers"
    assert [meeting.reason.en for meeting in repaired.unplaced] == ["anna did not come."]
    # On the last day she is gone, as if she had withdrawn.
    absent = {"anna": frozenset({3})}
    last = written(
        ProblemBuilder(scheduling_input(meetings, registrations, absent, slots=two_days(2, 1)), {}, before, 3, repair=True)
    )
    assert places(last) == {"today": (2, 2)}, "what has begun stays"
    assert {meeting.meeting_id: meeting.reason.en for meeting in last.unplaced} == {
        "tomorrow": "anna did not come.",
        "other": "The slots in which bruno and carla are both free have begun.",
    }
