"""What comes after breaks: idle slots, then changes against the published slots; each keeps what came before."""

from collections.abc import Mapping
from dataclasses import replace

from services.events.scheduling.cpsat.lexicographic import Goal, Kept, Stages
from services.events.scheduling.cpsat.model import Model
from services.events.scheduling.metrics import count_breaks, count_changes, count_idle, count_people_changed
from services.events.scheduling.options import Found
from services.events.scheduling.problem import Problem


class Refine:
    """One problem in the time that is left to it."""

    def __init__(self, problem: Problem, stages: Stages) -> None:
        self._problem = problem
        self._stages = stages
        self._idle = Goal(Model.idle, lambda slots: count_idle(problem, slots))
        self._before = (
            Goal(Model.left_out, lambda slots: len(problem.meetings) - len(slots)),
            Goal(Model.musts_left_out, lambda slots: sum(one.must and one.id not in slots for one in problem.meetings)),
            Goal(Model.breaks, lambda slots: count_breaks(problem, slots)),
        )

    def idle(self, found: Found) -> Found:
        """The fewest idle slots."""
        best = self._stages.least(self._idle, self._kept(found), found.slots)
        if best is None:
            return replace(found, idle=self._idle.count(found.slots), idle_bound=found.bound)
        return replace(found, slots=best.slots, idle=best.value, idle_bound=best.bound)

    def changes(self, found: Found, published: Mapping[str, int]) -> Found:
        """The fewest meetings that move, then the fewest people who have one that does."""
        moved = Goal(lambda model: model.changes(published), lambda slots: count_changes(published, slots))
        kept = self._kept(found)
        best = self._stages.least(moved, kept, found.slots)
        assert best is not None, "there is one to begin with"
        found = replace(found, slots=best.slots, changes=best.value, changes_bound=best.bound)
        people = Goal(
            lambda model: model.people_changed(published), lambda slots: count_people_changed(self._problem, published, slots)
        )
        best = self._stages.least(people, [*kept, Kept(moved, best.value)], found.slots)
        assert best is not None, "there is one to begin with"
        return replace(found, slots=best.slots)

    def _kept(self, found: Found) -> list[Kept]:
        goals = self._before if found.idle is None else (*self._before, self._idle)
        return [Kept(goal, goal.count(found.slots)) for goal in goals]
