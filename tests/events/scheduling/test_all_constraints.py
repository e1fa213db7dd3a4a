"""Small problems with everything a problem can say: the solver agrees with exhaustive search, objective by objective."""

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from services.events.scheduling import (
    Infeasible,
    Meeting,
    Participant,
    Problem,
    Schedule,
    Slot,
    SolverOptions,
    Table,
    solve,
    verify,
)
from tests.events.scheduling import brute_force

SECONDS = 60.0
SMALL = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Three to five slots on one day or two, three tables, groups of two or three."""
    slot_count = draw(st.integers(3, 5))
    first_day = draw(st.sampled_from([slot_count, 2]))
    numbers = st.integers(1, slot_count)
    tables = draw(st.integers(1, 3))
    special = tuple(
        Table(number, draw(st.sampled_from([None, None, 2])), draw(st.booleans()), draw(st.frozensets(numbers, max_size=1)))
        for number in range(1, tables + 1)
        if draw(st.integers(0, 3)) == 0
    )
    real = [None, None, None, *(set(range(1, tables + 1)) - {table.number for table in special if table.virtual})]
    people = []
    for index in range(draw(st.integers(3, 4))):
        table = draw(st.sampled_from(real))
        people.append(
            Participant(
                f"p{index}",
                draw(st.frozensets(numbers, max_size=1)),
                max_meetings=draw(st.sampled_from([None, None, None, 1])),
                min_gap=draw(st.sampled_from([0, 0, 0, 1])),
                own_table=table,
                stationary=table is not None and draw(st.booleans()),
            )
        )
    groups = st.lists(st.sampled_from([one.id for one in people]), min_size=2, max_size=3, unique=True).map(tuple)
    rare = st.integers(0, 5).map(lambda number: number == 0)
    meetings = tuple(
        Meeting(
            f"m{index}",
            draw(groups),
            fixed_slot=draw(numbers) if draw(rare) and draw(rare) else None,
            predecessors=(f"m{draw(st.integers(0, index - 1))}",) if index and draw(rare) else (),
            mandatory=draw(rare),
            virtual=draw(rare),
            closed_slots=draw(st.frozensets(numbers, max_size=1)),
        )
        for index in range(draw(st.integers(1, 4)))
    )
    slots = tuple(Slot(number, 1, 1 if number <= first_day else 2) for number in range(1, slot_count + 1))
    return Problem(tuple(people), meetings, slots, tables, draw(st.integers(0, 2)), special)


@SMALL
@given(problems())
def test_every_objective_in_its_order(problem: Problem) -> None:
    published = {meeting.id: 1 + index % len(problem.slots) for index, meeting in enumerate(problem.meetings)}
    musts = {meeting.id for meeting in problem.meetings if meeting.mandatory}

    def cost(slots: dict[str, int]) -> tuple[int, ...]:
        moved = [one for one in problem.meetings if slots.get(one.id) != published[one.id]]
        people = {who for one in moved for who in one.participants}
        counts = brute_force.breaks(problem, slots), brute_force.idle(problem, slots)
        return (len(musts - slots.keys()), len(problem.meetings) - len(slots), *counts, len(moved), len(people))

    expected = min(map(cost, brute_force.schedules(problem)), default=None)
    answer = solve(problem, SECONDS, options=SolverOptions(minimise_gaps=True, published=published))
    event("infeasible" if expected is None else f"{expected[1]} left out")
    if expected is None:
        assert isinstance(answer, Infeasible)
        return
    assert isinstance(answer, Schedule)
    assert verify(problem, answer).violations == ()
    assert cost({placed.meeting_id: placed.slot for placed in answer.placements}) == expected
    bounds = (
        len(problem.meetings) - answer.placed_bound,
        answer.breaks_bound,
        answer.idle_slots_bound,
        answer.changed_meetings_bound,
    )
    assert (answer.status, *bounds) == ("optimal", *expected[1:5])
