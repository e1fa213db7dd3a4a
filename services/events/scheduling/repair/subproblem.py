"""What is left to decide of a schedule when most of it stays: a small problem in which all that stands is in the way."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from services.events.scheduling.problem import Meeting, Participant, Problem, Table


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a meeting is."""

    slot: int
    table: int


def remainder(problem: Problem, standing: Mapping[str, Seat], free: Collection[str]) -> Problem:
    """The problem of placing the meetings in `free` while those in `standing` stay where they are; others are left out.

    Breaks cannot be told from so little, so no fairness is asked for.
    """
    meetings = tuple(_loosened(meeting, problem, standing, free) for meeting in problem.meetings if meeting.id in free)
    people = {who for meeting in meetings for who in meeting.participants}
    taken: dict[str, set[int]] = {who: set() for who in people}
    occupied: dict[int, set[int]] = {}
    for meeting in problem.meetings:
        if meeting.id in standing:
            seat = standing[meeting.id]
            occupied.setdefault(seat.table, set()).add(seat.slot)
            for who in people.intersection(meeting.participants):
                taken[who].add(seat.slot)
    return replace(
        problem,
        participants=tuple(
            _busy(one, taken.get(one.id, set()), problem)
            for one in problem.participants
            if one.id in people or one.table is not None
        ),
        meetings=meetings,
        fairness=len(problem.slots),
        special=_tables(problem, occupied),
    )


def at_odds(problem: Problem, seats: Mapping[str, Seat]) -> set[str]:
    """Name the meetings that cannot all stay where they are, though each could alone: too little rest between them, too many of
    somebody, against their order or not where they are fixed."""
    day = {slot.number: slot.day for slot in problem.slots}
    here = [one for one in problem.meetings if one.id in seats]
    found = {one.id for one in here if one.fixed not in (None, seats[one.id].slot)}
    for one in here:
        found |= {id for other in one.after if other in seats and seats[other].slot >= seats[one.id].slot for id in (one.id, other)}
    for person in problem.participants:
        mine = sorted((seats[one.id].slot, one.id) for one in problem.meetings_of[person.id] if one.id in seats)
        for (before, first), (after, then) in pairwise(mine):
            if after == before or (day[after] == day[before] and after - before <= person.rest):
                found |= {first, then}
        if person.most is not None and len(mine) > person.most:
            found |= {id for _, id in mine}
    return found


def _loosened(meeting: Meeting, problem: Problem, standing: Mapping[str, Seat], free: Collection[str]) -> Meeting:
    """The same meeting, its order against meetings that stand and its fixed slot written as slots it cannot take."""
    numbers = [slot.number for slot in problem.slots]
    before = [standing[earlier].slot for earlier in meeting.after if earlier in standing]
    then = [standing[other.id].slot for other in problem.meetings if other.id in standing and meeting.id in other.after]
    possible = {
        number
        for number in numbers
        if meeting.fixed in (None, number) and number > max(before, default=0) and number < min(then, default=len(numbers) + 1)
    }
    closed = meeting.closed.union(numbers) - (possible - meeting.closed)
    return replace(meeting, fixed=None, closed=closed, after=tuple(earlier for earlier in meeting.after if earlier in free))


def _busy(participant: Participant, taken: Collection[int], problem: Problem) -> Participant:
    """The same participant, without the slots of the meetings that stand, the rests around them, and these meetings' number."""
    near = {
        slot
        for day in problem.days
        for slot in day
        if any(other in taken and abs(slot - other) <= participant.rest for other in day)
    }
    most = None if participant.most is None else max(0, participant.most - len(taken))
    return replace(participant, unavailable=participant.unavailable | near, most=most)


def _tables(problem: Problem, occupied: Mapping[int, Collection[int]]) -> tuple[Table, ...]:
    """The same tables, closed where a meeting stands."""
    special = {table.number: table for table in problem.special}
    special |= {number: Table(number) for number in occupied if number not in special}
    return tuple(replace(table, closed=table.closed.union(occupied.get(number, ()))) for number, table in sorted(special.items()))
