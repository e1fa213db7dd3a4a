"""Any small event, from what is agreed to an agenda and its repair: each is publishable and keeps what members said."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.events.agenda.rules import publication as agendas
from services.events.agenda.state import Agenda, claims
from services.events.brokerage.rules.place_claims import place_claims
from services.events.computation.agenda_writer import write_agenda
from services.events.computation.problem_builder import ProblemBuilder, SearchOptions
from services.events.computation.scheduling_input import SchedulingInput
from services.events.computation.solver_process import solve
from services.events.meeting.state import Appointment
from shared.contracts.events import AgendaPublished, Table
from tests.events.computation.factories import agreed, appointed, registered, scheduling_input
from tests.events.factories import slots

MEMBERS = ("anna", "bruno", "carla", "dora", "elio")
SLOTS, TABLES, SECONDS = 4, 4, 30.0


@st.composite
def events(draw: st.DrawFn) -> SchedulingInput:
    """Representatives, groups, appointments, a table the event fixes, tables that are needed, and somebody from afar."""
    takes_part = [
        registered(
            member,
            draw(st.sampled_from([(), (), ("r1", "r2")])),
            unavailable=sorted(draw(st.sets(st.integers(1, SLOTS), max_size=2))),
            most_meetings=draw(st.sampled_from([None, None, 1, 2])),
            min_break=draw(st.sampled_from([0, 0, 1])),
            fixed_table=draw(st.sampled_from([False, False, True])),
            attends=draw(st.sampled_from(["on-site", "on-site", "on-site", "virtual"])),
        )
        for member in MEMBERS
    ]
    sides = st.lists(st.sampled_from(MEMBERS), min_size=2, max_size=3, unique=True)
    groups = draw(st.lists(sides, min_size=1, max_size=7, unique_by=frozenset))
    bookings: set[tuple[int, str | int]] = set()
    meetings = [agreed(f"m{number}", group, appointment=_by_hand(draw, group, bookings)) for number, group in enumerate(groups)]
    special = draw(st.sampled_from([(), (Table(number=1, kind="fixed", member_id="anna"), Table(number=2, seats=2, label="Bar"))]))
    room = (Table(number=TABLES, kind="virtual"),)
    return scheduling_input(
        meetings, takes_part, slots=slots(SLOTS), tables=TABLES, format="hybrid", special_tables=(*special, *room)
    )


def _by_hand(draw: st.DrawFn, group: Iterable[str], bookings: set[tuple[int, str | int]]) -> Appointment | None:
    """An appointment now and then, where its people and its table are free."""
    slot, table = draw(st.integers(1, SLOTS)), draw(st.integers(1, TABLES))
    booking: set[tuple[int, str | int]] = {(slot, table), *((slot, member) for member in group)}
    if draw(st.integers(0, 3)) or bookings & booking:
        return None
    bookings |= booking
    return appointed(slot, table, tuple(group))


def written(problem: ProblemBuilder) -> AgendaPublished | None:
    """The agenda as it would be published; None where there is none."""
    answer = solve(problem.task(SearchOptions(SECONDS))).schedule
    return write_agenda(problem, answer, "i") if answer else None


def check(inputs: SchedulingInput, agenda: AgendaPublished, now: int = 1) -> None:
    """Check an agenda by what was said, without the code that makes it; slots before `now` have begun."""
    event, members = inputs.brokerage_event.state, {stored.state.member_id: stored.state for stored in inputs.registrations}
    state: Any = Agenda.from_event(agenda)
    assert agendas.publish(None, agenda, event) == [agenda]
    booked = [meeting.state.appointment for meeting in inputs.meetings if meeting.state.appointment]
    by_hand = {
        claim for appointment in booked for claim in place_claims("e", appointment.slot, appointment.table, appointment.people)
    }
    assert by_hand.isdisjoint(claims("e", state))
    listed = [placement.meeting_id for placement in agenda.placements] + [meeting.meeting_id for meeting in agenda.unplaced]
    assert sorted(listed) == sorted(meeting.id for meeting in inputs.meetings if not meeting.state.appointment)
    tables: dict[str, set[int]] = {}
    for placement in agenda.placements:
        if placement.slot < now:
            continue
        sides = [members[member] for member in (*placement.members, *placement.others)]
        assert all(side.status == "registered" and placement.slot not in side.unavailable for side in sides)
        assert (placement.table == TABLES) == any(side.attends == "virtual" for side in sides)
        for side in sides if placement.table != TABLES else []:
            tables.setdefault(side.member_id, set()).add(placement.table)
    unmet = {need.member_id for need in agenda.unmet}
    for member, at in tables.items():
        assert len(at) == 1 or not members[member].fixed_table or member in unmet
    for member, side in members.items():
        agenda_slots = [placement.slot for placement in agenda.placements if member in (*placement.members, *placement.others)]
        appointment_slots = [
            appointment.slot for appointment in booked if any(person.partition(":")[0] == member for person in appointment.people)
        ]
        if side.most_meetings and agenda_slots and now == 1:
            assert len(agenda_slots) + len(appointment_slots) <= side.most_meetings
        if side.min_break and not side.representatives and now == 1:
            assert all(
                slot == neighbour or abs(slot - neighbour) > side.min_break
                for slot in agenda_slots
                for neighbour in (*agenda_slots, *appointment_slots)
            )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events(), st.integers(1, 3), st.sampled_from(MEMBERS), st.booleans())
def test_an_agenda_and_its_repair_keep_what_was_said(inputs: SchedulingInput, now: int, member: str, withdraws: bool) -> None:
    agenda = written(ProblemBuilder(inputs, {}))
    assert agenda is not None
    check(inputs, agenda)
    before: Any = Agenda.from_event(agenda)
    repeated = written(ProblemBuilder(inputs, {}, before))
    assert repeated is not None
    check(inputs, repeated)
    assert (len(repeated.placements), repeated.breaks) == (len(agenda.placements), agenda.breaks)

    index = next(index for index, stored in enumerate(inputs.registrations) if stored.state.member_id == member)
    stored = inputs.registrations[index]
    fewer = replace(stored.state, representatives=stored.state.representatives[:1])
    inputs.registrations[index] = replace(stored, state=replace(stored.state, status="withdrawn") if withdraws else fewer)
    repaired = written(ProblemBuilder(inputs, {}, before, now, repair=True))
    assert repaired is not None
    check(inputs, repaired, now)
    begun = {placed for placed in agenda.placements if placed.slot < now}
    assert begun <= set(repaired.placements), "what has begun stays, and who sat there"
