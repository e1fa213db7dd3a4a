"""Small halls with breaks, table changes and occupied tables, by random choice: strategies seldom make a difficult one."""

from random import Random

from hypothesis import strategies as st

from services.events.scheduling import Meeting, Participant, Problem, Slot, Table

seeds = st.integers(0, 2**32 - 1)


def hall(generator: Random) -> Problem:
    """Four or five slots, four meetings of two or three; half of the participants are away for a slot amid the others."""
    count = generator.randint(4, 5)
    last_of_first_day = generator.choice([count, count, 2])
    tables = generator.randint(2, 3)
    ids = [f"p{number}" for number in range(generator.randint(3, 5))]
    numbers = range(1, count + 1)
    owned = generator.choice([None, None, 1])
    return Problem(
        participants=tuple(
            Participant(
                id,
                frozenset(generator.sample(numbers[1:-1], generator.choice([0, 1, 1, 2]))),
                min_gap=generator.choice([0, 0, 0, 1]),
                own_table=owned if id == "p0" else None,
                stationary=id == "p0" and owned is not None and generator.random() < 0.5,
            )
            for id in ids
        ),
        meetings=tuple(
            Meeting(f"m{number}", tuple(generator.sample(ids, generator.choice([2, 2, 2, 3]))), mandatory=generator.random() < 0.1)
            for number in range(4)
        ),
        slots=tuple(Slot(number, day := 1 + (number > last_of_first_day), day) for number in numbers),
        tables=tables,
        special_tables=tuple(
            Table(
                number,
                generator.choice([None, None, 2]),
                closed_slots=frozenset(generator.sample(numbers, generator.choice([0, 1]))),
            )
            for number in range(2, tables + 1)
            if generator.random() < 0.4
        ),
    )


def two_slots_of_groups(generator: Random) -> Problem:
    """Two slots of two or three tables, each meeting fixed in one: pairs, and groups that share several participants."""
    tables = generator.randint(2, 3)
    ids = [f"p{number:02}" for number in range(4 * tables)]
    meetings: list[Meeting] = []
    for slot in (1, 2):
        free = generator.sample(ids, len(ids))
        for _ in range(tables):
            size = min(generator.choice([2, 3, 5, 6]), len(free))
            if size >= 2:
                meetings.append(Meeting(f"m{len(meetings)}", tuple(free.pop() for _ in range(size)), fixed_slot=slot))
    return Problem(tuple(map(Participant, ids)), tuple(meetings), (Slot(1), Slot(2)), tables)


halls = seeds.map(lambda seed: hall(Random(seed)))
group_halls = seeds.map(lambda seed: two_slots_of_groups(Random(seed)))
