"""Small halls in which people wait, walk and find their table taken: made by chance, which seldom makes an easy one."""

from random import Random

from hypothesis import strategies as st

from services.events.scheduling import Meeting, Participant, Problem, Slot, Table

halls = st.integers(0, 2**32 - 1).map(lambda seed: hall(Random(seed)))
groups = st.integers(0, 2**32 - 1).map(lambda seed: grouped(Random(seed)))


def hall(chance: Random) -> Problem:
    """Four or five slots, four meetings of two or three; half of the people are away for a slot amid the others."""
    count = chance.randint(4, 5)
    days = chance.choice([count, count, 2])
    tables = chance.randint(2, 3)
    people = [f"p{number}" for number in range(chance.randint(3, 5))]
    numbers = range(1, count + 1)
    owned = chance.choice([None, None, 1])
    return Problem(
        participants=tuple(
            Participant(
                one,
                frozenset(chance.sample(numbers[1:-1], chance.choice([0, 1, 1, 2]))),
                min_gap=chance.choice([0, 0, 0, 1]),
                own_table=owned if one == "p0" else None,
                stationary=one == "p0" and owned is not None and chance.random() < 0.5,
            )
            for one in people
        ),
        meetings=tuple(
            Meeting(f"m{number}", tuple(chance.sample(people, chance.choice([2, 2, 2, 3]))), mandatory=chance.random() < 0.1)
            for number in range(4)
        ),
        slots=tuple(Slot(number, day := 1 + (number > days), day) for number in numbers),
        tables=tables,
        special_tables=tuple(
            Table(number, chance.choice([None, None, 2]), closed_slots=frozenset(chance.sample(numbers, chance.choice([0, 1]))))
            for number in range(2, tables + 1)
            if chance.random() < 0.4
        ),
    )


def grouped(chance: Random) -> Problem:
    """Two slots of two or three tables, each meeting fixed in one: pairs, and groups that share several people."""
    tables = chance.randint(2, 3)
    people = [f"p{number:02}" for number in range(4 * tables)]
    meetings: list[Meeting] = []
    for slot in (1, 2):
        free = chance.sample(people, len(people))
        for _ in range(tables):
            size = min(chance.choice([2, 3, 5, 6]), len(free))
            if size >= 2:
                meetings.append(Meeting(f"m{len(meetings)}", tuple(free.pop() for _ in range(size)), fixed_slot=slot))
    return Problem(tuple(map(Participant, people)), tuple(meetings), (Slot(1), Slot(2)), tables)
