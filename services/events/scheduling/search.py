"""The order of the search: meetings that must be placed, all meetings, breaks, idle slots, changes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from services.events.scheduling.counting import count_breaks, count_changes, count_idle, count_people_changed
from services.events.scheduling.model import Model
from services.events.scheduling.problem import Problem
from services.events.scheduling.prover import Prover, Stopped
from services.events.scheduling.selection import select
from services.events.scheduling.stages import SHARE, Best, Kept, Objective, Stages
from services.events.scheduling.timetable import Timetable
from services.events.scheduling.wish import Found, Patience, Wish

QUICK = 0.2
"""Of the time: for choosing among more meetings than fit."""
LARGEST = 40_000
"""Meetings times slots up to which breaks are proven with meetings left out."""


class Search:
    """One problem under one time limit in seconds."""

    def __init__(self, problem: Problem, time_limit: float, workers: int, seed: int, wish: Wish) -> None:
        self._problem = problem
        self._patience = Patience(time_limit, wish.cancel)
        self._stages = Stages(problem, self._patience, workers, seed)
        self._wish = wish
        self._provable = len(problem.meetings) * len(problem.slots) <= LARGEST

    def run(self, may_place_all: bool, must_place_all: bool) -> Found | None:
        """The best schedule; None when it is proven that there is none. Raises TimeoutError."""
        found = self._all_placed(1.0) if must_place_all else self._most_placed(may_place_all)
        if found is None:
            return None
        return self._least_changed(self._least_idle(found))

    def _all_placed(self, share: float) -> Found | None:
        """The fewest breaks with every meeting placed; None where that is impossible, or not found in a share of the time."""
        return self._prove(len(self._problem.meetings), 0, 0, share, self._wish.start)

    def _most_placed(self, may_place_all: bool) -> Found | None:
        """As many meetings as possible, those that must be placed first; then the fewest breaks."""
        everything = len(self._problem.meetings)
        if may_place_all:
            found = self._all_placed(SHARE)
            if found is not None:
                return found
        selection = select(self._problem, self._patience.left(QUICK))
        if selection is None:
            return None
        slots = self._place(selection.meetings)
        if slots is not None and len(selection.meetings) == selection.most:
            return self._fewest_breaks(slots, selection.most)
        kept: list[Kept] = []
        if any(meeting.must for meeting in self._problem.meetings):
            musts = self._least(Model.musts_left_out, self._musts_left_out, kept, slots, SHARE)
            if musts is None:
                return None
            slots = musts.slots
            kept.append(Kept(Model.musts_left_out, musts.value))
            if musts.value > musts.bound:
                return self._fewest_breaks(slots, everything)
        best = self._least(Model.left_out, self._left_out, kept, slots, SHARE)
        if best is None:
            return None
        return self._fewest_breaks(best.slots, everything - best.bound)

    def _place(self, meetings: Collection[str]) -> Mapping[str, int] | None:
        """Slots for all of these meetings; None where that is impossible, or takes too long."""
        chosen = tuple(
            replace(one, after=tuple(earlier for earlier in one.after if earlier in meetings))
            for one in self._problem.meetings
            if one.id in meetings
        )
        part = replace(self._problem, meetings=chosen)
        limit = self._patience.left(1.0 - SHARE)
        prover = Prover(part, Timetable(part), lambda: self._patience.left() - limit, self._tell)
        try:
            return prover.first()
        except Stopped:
            return None
        finally:
            prover.close()

    def _fewest_breaks(self, slots: Mapping[str, int], placed_bound: int) -> Found:
        """The fewest breaks with as many meetings."""
        found = Found(slots, placed_bound, count_breaks(self._problem, slots))
        self._tell(slots, found.breaks)
        if self._provable:
            proven = self._prove(placed_bound, self._left_out(slots), self._musts_left_out(slots), SHARE, slots)
            return found if proven is None or proven.breaks > found.breaks else proven
        best = self._least(Model.breaks, self._breaks, self._kept(found)[:-1], slots)
        return found if best is None else replace(found, slots=best.slots, breaks=best.value, bound=best.bound)

    def _prove(
        self, placed_bound: int, left_out: int, musts_left_out: int, share: float, start: Mapping[str, int] | None
    ) -> Found | None:
        """The fewest breaks by SAT; None where that is impossible, or nothing was found in this share of the time."""
        limit = self._patience.left(1.0 - share)
        timetable = Timetable(self._problem, left_out, musts_left_out)
        prover = Prover(
            self._problem,
            timetable,
            left=lambda: self._patience.left() - (limit if prover.slots is None else 0.0),
            improved=self._tell,
        )
        if start is not None:
            prover.start_from(start)
        try:
            prover.run(hurry=share < 1.0)
        except Stopped:
            if prover.slots is None and share == 1.0:
                raise TimeoutError from None
        finally:
            prover.close()
        return None if prover.slots is None else Found(prover.slots, placed_bound, prover.breaks, prover.bound)

    def _least_idle(self, found: Found) -> Found:
        if not self._wish.idle:
            return found
        best = self._least(Model.idle, self._idle, self._kept(found), found.slots)
        if best is None:
            return found
        return replace(found, slots=best.slots, idle=best.value, idle_bound=best.bound)

    def _least_changed(self, found: Found) -> Found:
        """The fewest meetings that move, then the fewest people who have one that does."""
        published = self._wish.published
        if published is None:
            return found
        kept = self._kept(found)
        best = self._least(lambda model: model.changes(published), lambda slots: count_changes(published, slots), kept, found.slots)
        assert best is not None, "there is one to begin with"
        found = replace(found, slots=best.slots, changes=best.value, changes_bound=best.bound)
        kept = [*kept, Kept(lambda model: model.changes(published), best.value)]
        people = lambda slots: count_people_changed(self._problem, published, slots)  # noqa: E731
        best = self._least(lambda model: model.people_changed(published), people, kept, found.slots)
        assert best is not None, "there is one to begin with"
        return replace(found, slots=best.slots)

    def _least(
        self,
        objective: Objective,
        count: Callable[[Mapping[str, int]], int],
        kept: Sequence[Kept],
        slots: Mapping[str, int] | None,
        share: float = 1.0,
    ) -> Best | None:
        best = self._stages.least(objective, count, kept, slots, share)
        if best is not None and best.slots is not slots:
            self._tell(best.slots, self._breaks(best.slots))
        return best

    def _kept(self, found: Found) -> list[Kept]:
        """What no later stage may give up."""
        kept = [Kept(Model.left_out, self._left_out(found.slots)), Kept(Model.musts_left_out, self._musts_left_out(found.slots))]
        kept += [] if found.idle is None else [Kept(Model.idle, found.idle)]
        return [*kept, Kept(Model.breaks, found.breaks)]

    def _left_out(self, slots: Mapping[str, int]) -> int:
        return len(self._problem.meetings) - len(slots)

    def _musts_left_out(self, slots: Mapping[str, int]) -> int:
        return sum(meeting.must and meeting.id not in slots for meeting in self._problem.meetings)

    def _breaks(self, slots: Mapping[str, int]) -> int:
        return count_breaks(self._problem, slots)

    def _idle(self, slots: Mapping[str, int]) -> int:
        return count_idle(self._problem, slots)

    def _tell(self, slots: Mapping[str, int], breaks: int) -> None:
        if self._wish.progress is not None:
            self._wish.progress(slots, breaks)
