"""The objectives after breaks: idle slots, then changes against the published slots. Each keeps those before it."""

from collections.abc import Mapping
from dataclasses import replace

from services.events.scheduling.cpsat.lexicographic import LexicographicOptimizer, Objective, ObjectiveLimit
from services.events.scheduling.cpsat.model import ScheduleModel
from services.events.scheduling.metrics import (
    count_affected_participants,
    count_breaks,
    count_changed_meetings,
    count_idle_slots,
)
from services.events.scheduling.problem import Problem
from services.events.scheduling.search_result import SearchResult


class SecondaryObjectives:
    """Improves the result of one search in the time that is left to it."""

    def __init__(self, problem: Problem, optimizer: LexicographicOptimizer) -> None:
        self._problem = problem
        self._optimizer = optimizer
        self._idle_slots = Objective(ScheduleModel.idle_slots, lambda slots: count_idle_slots(problem, slots))
        self._primary = (
            Objective(ScheduleModel.left_out, lambda slots: len(problem.meetings) - len(slots)),
            Objective(
                ScheduleModel.mandatory_left_out,
                lambda slots: sum(meeting.mandatory and meeting.id not in slots for meeting in problem.meetings),
            ),
            Objective(ScheduleModel.breaks, lambda slots: count_breaks(problem, slots)),
        )

    def minimise_idle_slots(self, result: SearchResult) -> SearchResult:
        """The fewest idle slots. Their bound is that of breaks where the solver has no time to answer."""
        best = self._optimizer.minimise(self._idle_slots, self._limits(result), result.slots)
        if best is None:
            return replace(result, idle_slots=self._idle_slots.count(result.slots), idle_slots_bound=result.breaks_bound)
        return replace(result, slots=best.slots, idle_slots=best.value, idle_slots_bound=best.bound)

    def minimise_changes(self, result: SearchResult, published: Mapping[str, int]) -> SearchResult:
        """The fewest published meetings that change, then the fewest participants who have one that does."""
        changed = Objective(lambda model: model.changed_meetings(published), lambda slots: count_changed_meetings(published, slots))
        limits = self._limits(result)
        best = self._optimizer.minimise(changed, limits, result.slots)
        assert best is not None, "the slots of the result are a schedule"
        result = replace(result, slots=best.slots, changed_meetings=best.value, changed_meetings_bound=best.bound)
        affected = Objective(
            lambda model: model.affected_participants(published),
            lambda slots: count_affected_participants(self._problem, published, slots),
        )
        best = self._optimizer.minimise(affected, [*limits, ObjectiveLimit(changed, best.value)], result.slots)
        assert best is not None, "the slots of the result are a schedule"
        return replace(result, slots=best.slots)

    def _limits(self, result: SearchResult) -> list[ObjectiveLimit]:
        objectives = self._primary if result.idle_slots is None else (*self._primary, self._idle_slots)
        return [ObjectiveLimit(objective, objective.count(result.slots)) for objective in objectives]
