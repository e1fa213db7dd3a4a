"""The search of a repair by CP-SAT, in neighbourhoods: few meetings may move, then more; at last waiting meetings are placed."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from services.events.scheduling.cpsat.lexicographic import LexicographicOptimizer, Objective, ObjectiveLimit
from services.events.scheduling.deadline import Deadline
from services.events.scheduling.metrics import count_affected_participants, count_changed_meetings
from services.events.scheduling.problem import Problem
from services.events.scheduling.repair.openings import Openings
from services.events.scheduling.repair.state import Candidate, RepairState
from services.events.scheduling.repair.subproblem import Position, subproblem
from services.events.scheduling.tables.eligibility import TableEligibility

MIN_SEARCH_SECONDS = 2e-4
"""Seconds, per pair of a meeting that may move and a slot it may take, until there is a solution at least."""


def search_neighbourhood(state: RepairState, free: frozenset[str], best: Candidate, deadline: Deadline) -> Candidate | None:
    """The best repair in which only these required meetings move, no worse than `best`; None where it would take too long."""
    neighbourhood = _neighbourhood(state, _staying(state, free), free)
    if _takes_too_long(neighbourhood, deadline):
        return None
    optimizer = LexicographicOptimizer(neighbourhood, deadline, workers=1, seed=0)
    movable = {meeting.id for meeting in neighbourhood.meetings}
    slots: Mapping[str, int] = {id: slot for id, slot in best.slots.items() if id in movable}
    limits: list[ObjectiveLimit] = []
    proven = free == state.required
    objectives = _objectives(state, neighbourhood)
    for number, objective in enumerate(objectives):
        # The counted bound on all required meetings holds where every mandatory one has a place that can have one.
        bound = state.lower_bound[number] if not number or limits[0].maximum == state.lower_bound[0] else 0
        optimum = optimizer.minimise(objective, limits, slots, bound=bound)
        assert optimum is not None, "the best candidate is a schedule"
        slots = optimum.slots
        # How few participants are affected, the last objective, need not be proven.
        proven = proven and (number == len(objectives) - 1 or optimum.value == optimum.bound)
        limits.append(ObjectiveLimit(objective, optimum.value))
    unmoved = {id: slot for id, slot in best.slots.items() if id not in state.waiting and id not in movable}
    repaired = {**unmoved, **slots}
    return Candidate(state.with_waiting(repaired, best.slots), proven or state.is_proven_best(repaired))


def place_waiting(state: RepairState, free: frozenset[str], best: Candidate, deadline: Deadline) -> Candidate:
    """Place as many waiting meetings as possible, mandatory ones first.

    These required meetings may move for it, where that costs nothing; none may where the search would take too long.
    """
    required = {id: slot for id, slot in best.slots.items() if id not in state.waiting}
    for staying, movable in ((_staying(state, free), free), (state.assign_positions(required), frozenset[str]())):
        openings = Openings(state.problem, {id: position.slot for id, position in staying.items()})
        placeable = {
            meeting.id for meeting in state.problem.meetings if meeting.id in state.waiting and openings.open_slots(meeting)
        }
        neighbourhood = _neighbourhood(state, staying, movable | placeable)
        if not _takes_too_long(neighbourhood, deadline):
            break
    else:
        return best
    meetings = {meeting.id for meeting in neighbourhood.meetings}
    slots: Mapping[str, int] = {id: slot for id, slot in best.slots.items() if id in meetings}
    limits = [ObjectiveLimit(objective, objective.count(slots)) for objective in _objectives(state, neighbourhood)]
    occupied = sum(id not in placeable for id in slots)
    left_out_bound = max(0, len(placeable) + occupied - _capacity(neighbourhood, state.past))
    optimizer = LexicographicOptimizer(neighbourhood, deadline, workers=1, seed=0)
    for among, bound in ((placeable & state.mandatory, 0), (placeable, left_out_bound)):
        objective = _left_out(among)
        optimum = optimizer.minimise(objective, limits, slots, bound=bound)
        assert optimum is not None, "the best candidate is a schedule"
        slots = optimum.slots
        limits.append(ObjectiveLimit(objective, optimum.value))
    unmoved = {id: slot for id, slot in best.slots.items() if id not in meetings}
    return replace(best, slots=state.with_waiting({**unmoved, **slots}, {}))


def _staying(state: RepairState, free: Collection[str]) -> dict[str, Position]:
    return {id: position for id, position in state.positions.items() if id not in free}


def _neighbourhood(state: RepairState, staying: Mapping[str, Position], free: Collection[str]) -> Problem:
    """The subproblem of the meetings in `free`.

    Meetings that stay are part of it, each in its slot, where they may have to exchange tables to make room.
    """
    part = subproblem(state.problem, staying, free)
    eligibility = TableEligibility(part)
    openings = Openings(state.problem, {id: position.slot for id, position in staying.items()})
    exchange_slots = {
        slot
        for meeting in part.meetings
        for slot in openings.open_slots(meeting)
        if openings.tables_left(meeting, slot) > len(eligibility.tables(meeting, slot))
    }
    in_slot = {id: position.slot for id, position in staying.items() if position.slot in exchange_slots}
    if not in_slot:
        return part
    all_slots = frozenset(slot.number for slot in state.problem.slots)
    meetings = tuple(
        replace(meeting, closed_slots=all_slots - {in_slot[meeting.id]}) if meeting.id in in_slot else meeting
        for meeting in state.problem.meetings
    )
    at_table = {id: position for id, position in staying.items() if id not in in_slot}
    return subproblem(replace(state.problem, meetings=meetings), at_table, {*free, *in_slot})


def _objectives(state: RepairState, neighbourhood: Problem) -> list[Objective]:
    """The objectives of a repair in their order, on required meetings."""
    required = {meeting.id for meeting in neighbourhood.meetings if meeting.id in state.required}
    published = {id: slot for id, slot in state.future.items() if id in required}
    return [
        _left_out(required & state.mandatory),
        _left_out(required),
        Objective(lambda model: model.changed_meetings(published), lambda slots: count_changed_meetings(published, slots)),
        Objective(
            lambda model: model.affected_participants(published),
            lambda slots: count_affected_participants(neighbourhood, published, slots),
        ),
    ]


def _left_out(among: Collection[str]) -> Objective:
    return Objective(lambda model: model.left_out(among), lambda slots: sum(id not in slots for id in among))


def _takes_too_long(neighbourhood: Problem, deadline: Deadline) -> bool:
    eligibility = TableEligibility(neighbourhood)
    pairs = sum(len(eligibility.slots(meeting)) for meeting in neighbourhood.meetings)
    return MIN_SEARCH_SECONDS * pairs > deadline.seconds_left()


def _capacity(problem: Problem, past: Collection[int]) -> int:
    """The open tables of the slots to come: the most meetings there can be."""
    closed = sum(len(table.closed_slots.difference(past)) for table in problem.special_tables)
    return (len(problem.slots) - len(past)) * problem.tables - closed
