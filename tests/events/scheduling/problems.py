"""Random small problems, and some larger ones, for the tests of every module."""

import random
from itertools import combinations, permutations

from hypothesis import strategies as st

from services.events.scheduling import Meeting, Participant, Placement, Problem, Slot, Table
from services.events.scheduling.tables.assignment import assign_tables


@st.composite
def pair_problems(draw: st.DrawFn) -> Problem:
    """Meetings of two, on one day of one session or two, at interchangeable tables: what the published benchmark has."""
    slot_count = draw(st.integers(2, 5))
    count = draw(st.integers(2, 5))
    slots = tuple(Slot(number, 1 + (number > 2)) for number in range(1, slot_count + 1))
    numbers = st.integers(1, slot_count)
    participants = tuple(
        Participant(f"p{index}", draw(st.frozensets(numbers, max_size=1 if draw(st.booleans()) else 0))) for index in range(count)
    )
    pairs = draw(st.lists(st.sampled_from(list(permutations(range(count), 2))), min_size=1, max_size=5))
    sessions = st.sampled_from([None, None, None, *sorted({slot.session for slot in slots})])
    rarely = st.integers(0, 5).map(lambda number: number == 0)
    meetings = tuple(
        Meeting(
            id=f"m{index}",
            participants=(f"p{first}", f"p{second}"),
            session=draw(sessions),
            fixed_slot=draw(numbers) if draw(rarely) else None,
            predecessors=(f"m{draw(st.integers(0, index - 1))}",) if index and draw(rarely) else (),
        )
        for index, (first, second) in enumerate(pairs)
    )
    return Problem(participants, meetings, slots, draw(st.integers(1, 3)), draw(st.integers(0, 2)))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Every kind of constraint: three to five slots on one day or two, three tables, groups of two or three."""
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
    participants = []
    for index in range(draw(st.integers(3, 4))):
        table = draw(st.sampled_from(real))
        participants.append(
            Participant(
                f"p{index}",
                draw(st.frozensets(numbers, max_size=1)),
                max_meetings=draw(st.sampled_from([None, None, None, 1])),
                min_gap=draw(st.sampled_from([0, 0, 0, 1])),
                own_table=table,
                stationary=table is not None and draw(st.booleans()),
            )
        )
    ids = [participant.id for participant in participants]
    groups = st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True).map(tuple)
    rarely = st.integers(0, 5).map(lambda number: number == 0)
    meetings = tuple(
        Meeting(
            f"m{index}",
            draw(groups),
            fixed_slot=draw(numbers) if draw(rarely) and draw(rarely) else None,
            predecessors=(f"m{draw(st.integers(0, index - 1))}",) if index and draw(rarely) else (),
            mandatory=draw(rarely),
            virtual=draw(rarely),
            closed_slots=draw(st.frozensets(numbers, max_size=1)),
        )
        for index in range(draw(st.integers(1, 4)))
    )
    slots = tuple(Slot(number, 1, 1 if number <= first_day else 2) for number in range(1, slot_count + 1))
    return Problem(tuple(participants), meetings, slots, tables, draw(st.integers(0, 2)), special)


def large_event(people: int, meetings: int, slots: int, days: int, tables: int) -> Problem:
    """Random meetings of two, each pair once."""
    names = [f"p{number:03d}" for number in range(people)]
    pairs = random.Random(3).sample(list(combinations(names, 2)), meetings)
    return Problem(
        participants=tuple(map(Participant, names)),
        meetings=tuple(Meeting("-".join(pair), pair) for pair in pairs),
        slots=tuple(Slot(number, day=1 + (number - 1) * days // slots) for number in range(1, slots + 1)),
        tables=tables,
    )


def scattered(mandatory: int, size: int) -> Problem:
    """A participant free in every second slot alone, who has more breaks than the fairness cap allows, among many names."""
    names = [f"p{number:03d}" for number in range(size)]
    pairs = [("far", name) for name in names[:5]] + random.Random(3).sample(list(combinations(names, 2)), size)
    return Problem(
        participants=(Participant("far", unavailable=frozenset(range(2, 17, 2))), *map(Participant, names)),
        meetings=tuple(Meeting(f"m{index:03d}", pair, mandatory=index < mandatory) for index, pair in enumerate(pairs)),
        slots=tuple(map(Slot, range(1, 17))),
        tables=size,
    )


def placements(problem: Problem, slots: dict[str, int]) -> list[Placement]:
    """These slots as placements at assigned tables."""
    tables = assign_tables(problem, slots)
    return [Placement(meeting, slot, tables[meeting]) for meeting, slot in slots.items()]
