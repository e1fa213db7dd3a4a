"""What comes after breaks: idle slots, table changes, changes against the published slots; each keeps what came before."""

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace

from services.events.scheduling.cpsat.lexicographic import Goal, Kept, Stages
from services.events.scheduling.cpsat.model import Model
from services.events.scheduling.metrics import count_breaks, count_changes, count_idle, count_people_changed
from services.events.scheduling.options import Found, Patience
from services.events.scheduling.problem import Problem
from services.events.scheduling.sat.bound_search import Progress, Prover, Stopped
from services.events.scheduling.sat.table_changes import Walks, building_time
from services.events.scheduling.tables.assignment import fewest_table_changes
from services.events.scheduling.tables.optimal import is_small_hall, seat

BRIEF = 5_000
"""Conflicts before the search for table changes changes sides: it has a good schedule to improve from the start."""


class Refine:
    """One problem in the time that is left to it."""

    def __init__(self, problem: Problem, patience: Patience, stages: Stages, tell: Progress) -> None:
        self._problem = problem
        self._patience = patience
        self._stages = stages
        self._tell = tell
        self._idle = Goal(Model.idle, lambda slots: count_idle(problem, slots))
        self._walks = Goal(Model.table_changes, lambda slots: seat(problem, slots).changes)
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

    def changes(self, found: Found, published: Mapping[str, int], walked: bool = False) -> Found:
        """The fewest meetings that move, then the fewest people who have one that does; with no more table changes if `walked`."""
        moved = Goal(lambda model: model.changes(published), lambda slots: count_changes(published, slots))
        kept = self._kept(found)
        if walked:
            kept.append(Kept(self._walks, self._walks.count(found.slots)))
        best = self._stages.least(moved, kept, found.slots)
        assert best is not None, "there is one to begin with"
        found = replace(found, slots=best.slots, changes=best.value, changes_bound=best.bound)
        people = Goal(
            lambda model: model.people_changed(published), lambda slots: count_people_changed(self._problem, published, slots)
        )
        best = self._stages.least(people, [*kept, Kept(moved, best.value)], found.slots)
        assert best is not None, "there is one to begin with"
        return replace(found, slots=best.slots)

    def walks(self, found: Found, published: Mapping[str, int] | None) -> Found:
        """The fewest table changes, then the fewest meetings that move.

        Exact in a small hall. In others SAT bounds the changes from below: it lets everybody come back to their table after a
        break, and does not leave out other meetings. Where there is no time left to ask it, both are only counted.
        """
        found = self._followed(found)
        if not is_small_hall(self._problem):
            return found if published is None else self._followed_and_kept(found, published)
        best = self._stages.least(self._walks, self._kept(found), found.slots, bound=self._proven(found, found.table_changes_bound))
        assert best is not None, "there is one to begin with"
        found = replace(found, slots=best.slots, table_changes_bound=best.bound)
        return found if published is None else self.changes(found, published, walked=True)

    def _followed(self, found: Found) -> Found:
        """The fewest table changes for the meetings that are placed, of those where meetings follow each other without a pause."""
        part = self._problem.only(found.slots.keys())
        if not self._has_time_to_follow(part):
            return found
        walks = Walks(part, found.breaks, found.idle)
        least = max(0, fewest_table_changes(part, found.slots) - walks.fixed)
        prover = self._search(part, walks, walks.lost, found.slots, least)
        slots = min(found.slots, prover.slots or found.slots, key=self._walks.count)
        return replace(found, slots=slots, table_changes_bound=walks.fixed + prover.bound)

    def _followed_and_kept(self, found: Found, published: Mapping[str, int]) -> Found:
        """The fewest changes against the published slots among schedules with as few table changes."""
        part = self._problem.only(found.slots.keys())
        if not self._has_time_to_follow(part):
            return replace(found, changes=count_changes(published, found.slots))
        walks = Walks(part, found.breaks, found.idle)
        most = self._walks.count(found.slots)
        walks.keep(most)
        moved = walks.moved(published)
        prover = self._search(part, walks, moved, found.slots, 0, published)
        slots = found.slots
        if prover.slots is not None and self._walks.count(prover.slots) <= most:
            slots = prover.slots
        bound = self._proven(found, len(published) - len(moved) + prover.bound)
        return replace(found, slots=slots, changes=count_changes(published, slots), changes_bound=bound)

    def _has_time_to_follow(self, part: Problem) -> bool:
        """Is there more time than the clauses take, during which nobody looks at the clock?"""
        return self._patience.left() > building_time(part)

    def _proven(self, found: Found, bound: int) -> int:
        """What a bound for the meetings that are placed says of all schedules: they might place others."""
        return bound if len(found.slots) == len(self._problem.meetings) else 0

    def _search(
        self,
        part: Problem,
        walks: Walks,
        literals: Sequence[int],
        start: Mapping[str, int],
        bound: int,
        published: Mapping[str, int] | None = None,
    ) -> Prover:
        """The least of table changes, or of changes against what is published."""

        def count(slots: Mapping[str, int]) -> int:
            if published is None:
                return walks.count(slots)
            return count_changes(published, slots) - (len(published) - len(literals))

        prover = Prover(walks, count, self._patience.left, lambda slots, _: self._tell(slots, count_breaks(part, slots)), literals)
        with closing(prover), suppress(Stopped):
            prover.start_from(start, is_sound=True)
            prover.bound = bound
            prover.run(hurry=True, patience=BRIEF)
        return prover

    def _kept(self, found: Found) -> list[Kept]:
        goals = self._before if found.idle is None else (*self._before, self._idle)
        return [Kept(goal, goal.count(found.slots)) for goal in goals]
