"""The search of a repair, by CP-SAT: few meetings may move, then more; at last those that wait fill what is left."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from services.events.scheduling.cpsat.lexicographic import Goal, Kept, Stages
from services.events.scheduling.metrics import count_changes, count_people_changed
from services.events.scheduling.options import Patience
from services.events.scheduling.problem import Problem
from services.events.scheduling.repair.openings import Vacancies
from services.events.scheduling.repair.state import Attempt, Day
from services.events.scheduling.repair.subproblem import Seat, remainder
from services.events.scheduling.tables.eligibility import Places

BUILDING = 2e-4
"""Seconds for each meeting that may move and slot it may take until there is an answer at least."""


def searched(day: Day, free: frozenset[str], best: Attempt, patience: Patience) -> Attempt | None:
    """The best with only these required meetings free to move, no worse than what is best so far; None where it takes too long."""
    part = _part(day, _standing(day, free), free)
    if _is_long(part, patience):
        return None
    stages = Stages(part, patience, workers=1, seed=0)
    inside = {one.id for one in part.meetings}
    slots: Mapping[str, int] = {one: slot for one, slot in best.slots.items() if one in inside}
    kept: list[Kept] = []
    exact = free == day.required
    for number, goal in enumerate(_goals(day, part)):
        # What counting tells of all required ones holds where every must-meet has a place that can have one.
        bound = day.least[number] if not number or kept[0].most == day.least[0] else 0
        found = stages.least(goal, kept, slots, bound=bound)
        assert found is not None, "what is best so far is a schedule"
        slots = found.slots
        exact = exact and (number == 3 or found.value == found.bound)
        kept.append(Kept(goal, found.value))
    others = {one: slot for one, slot in best.slots.items() if one not in day.waiting and one not in inside}
    whole = {**others, **slots}
    return Attempt(day.filled(whole, best.slots), exact or day.is_least(whole))


def filled(day: Day, free: frozenset[str], best: Attempt, patience: Patience) -> Attempt:
    """As many of those that wait as there is room for, first the must-meets. These required meetings may move for it, where that
    costs nothing; where it would take too long none may."""
    required = {one: slot for one, slot in best.slots.items() if one not in day.waiting}
    for standing, movable in ((_standing(day, free), free), (day.seated(required), frozenset[str]())):
        vacancies = Vacancies(day.problem, {one: seat.slot for one, seat in standing.items()})
        waiting = {one.id for one in day.problem.meetings if one.id in day.waiting and vacancies.of(one)}
        part = _part(day, standing, movable | waiting)
        if not _is_long(part, patience):
            break
    else:
        return best
    inside = {one.id for one in part.meetings}
    slots: Mapping[str, int] = {one: slot for one, slot in best.slots.items() if one in inside}
    kept = [Kept(goal, goal.count(slots)) for goal in _goals(day, part)]
    taken = sum(one not in waiting for one in slots)
    stages = Stages(part, patience, workers=1, seed=0)
    for among, bound in ((waiting & day.musts, 0), (waiting, max(0, len(waiting) + taken - _room(part, day.past)))):
        goal = _left_out(among)
        found = stages.least(goal, kept, slots, bound=bound)
        assert found is not None, "what is best so far is a schedule"
        slots = found.slots
        kept.append(Kept(goal, found.value))
    others = {one: slot for one, slot in best.slots.items() if one not in inside}
    return replace(best, slots=day.filled({**others, **slots}, {}))


def _standing(day: Day, free: Collection[str]) -> dict[str, Seat]:
    return {one: seat for one, seat in day.seats.items() if one not in free}


def _part(day: Day, standing: Mapping[str, Seat], free: Collection[str]) -> Problem:
    """What is to be decided. Where those that stand may have to exchange tables for it, they are in it, each in its slot."""
    part = remainder(day.problem, standing, free)
    places = Places(part)
    vacancies = Vacancies(day.problem, {one: seat.slot for one, seat in standing.items()})
    full = {
        slot for one in part.meetings for slot in vacancies.of(one) if vacancies.room(one, slot) > len(places.tables(one, slot))
    }
    held = {one: seat.slot for one, seat in standing.items() if seat.slot in full}
    if not held:
        return part
    everywhere = frozenset(slot.number for slot in day.problem.slots)
    meetings = tuple(replace(one, closed=everywhere - {held[one.id]}) if one.id in held else one for one in day.problem.meetings)
    others = {one: seat for one, seat in standing.items() if one not in held}
    return remainder(replace(day.problem, meetings=meetings), others, {*free, *held})


def _goals(day: Day, part: Problem) -> list[Goal]:
    """What a repair wants of the required ones, in this order."""
    required = {one.id for one in part.meetings if one.id in day.required}
    published = {one: slot for one, slot in day.future.items() if one in required}
    return [
        _left_out(required & day.musts),
        _left_out(required),
        Goal(lambda model: model.changes(published), lambda slots: count_changes(published, slots)),
        Goal(lambda model: model.people_changed(published), lambda slots: count_people_changed(part, published, slots)),
    ]


def _left_out(among: Collection[str]) -> Goal:
    return Goal(lambda model: model.left_out(among), lambda slots: sum(one not in slots for one in among))


def _is_long(part: Problem, patience: Patience) -> bool:
    places = Places(part)
    return BUILDING * sum(len(places.slots(one)) for one in part.meetings) > patience.left()


def _room(part: Problem, past: Collection[int]) -> int:
    """How many tables are open in the slots to come: as many meetings there can be at most."""
    closed = sum(len(table.closed.difference(past)) for table in part.special)
    return (len(part.slots) - len(past)) * part.tables - closed
