"""The order of the search: meetings that must be placed, all meetings, breaks; then what is wished for beyond."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from services.events.scheduling.bounds.breaks import fewest_breaks
from services.events.scheduling.bounds.placeable import Selection, select
from services.events.scheduling.cpsat.lexicographic import SHARE, Goal, Kept, Stages
from services.events.scheduling.cpsat.model import Model
from services.events.scheduling.heuristic.anytime import Draft
from services.events.scheduling.metrics import count_breaks, count_changes, count_idle
from services.events.scheduling.options import Found, Patience, Wish
from services.events.scheduling.problem import Problem
from services.events.scheduling.sat.bound_search import Prover, Stopped
from services.events.scheduling.sat.encoding import SMALL, Timetable
from services.events.scheduling.secondary_objectives import Refine

QUICK = 0.2
"""Of the time: for choosing among more meetings than fit."""
DRAFTING = 0.6
"""Of the time: for a draft that leaves something out, where a solver may place more. A draft of everything has all the time: in
a large problem a solver found no fewer breaks, and no better bound."""
SKETCHING = 1e-4
"""Seconds for each meeting and slot: for a draft where a solver had nothing, for others to go on with."""
BRIEF = 0.1
"""Seconds in which no draft gets better."""
LARGEST = 40_000
"""Meetings times slots up to which the solvers are asked; beyond, a schedule is drafted and bounds are counted."""
WRITING = 2e-5
"""Seconds for each meeting and slot that a large problem takes to be written down in the end: tables and reasons."""


class Search:
    """One problem under one time limit in seconds."""

    def __init__(self, problem: Problem, time_limit: float, workers: int, seed: int, wish: Wish) -> None:
        size = len(problem.meetings) * len(problem.slots)
        self._is_large, self._provable = size > SMALL, size <= LARGEST
        self._sketching = SKETCHING * size
        self._problem = problem
        self._patience = Patience(time_limit - (WRITING * size if self._is_large else 0.0), wish.cancel)
        self._stages = Stages(problem, self._patience, workers, seed, lambda slots: self._tell(slots, self._breaks(slots)))
        self._seed = seed
        self._wish = wish
        self._left_out = Goal(Model.left_out, lambda slots: len(problem.meetings) - len(slots))
        self._musts = Goal(Model.musts_left_out, lambda slots: sum(one.must and one.id not in slots for one in problem.meetings))

    def run(self, may_place_all: bool, must_place_all: bool) -> Found | None:
        """The best schedule; None when it is proven that there is none. Raises TimeoutError."""
        if self._is_large:
            found = self._drafted(must_place_all)
        else:
            found = self._all_placed(1.0) if must_place_all else self._most_placed(may_place_all)
        if found is None:
            return None
        return self._refined(found)

    def _drafted(self, must_place_all: bool) -> Found | None:
        """A schedule at once, then the fewest breaks that time and the size of the problem allow."""
        everything = len(self._problem.meetings)
        selection = self._selection()
        if selection is None or (must_place_all and selection.most < everything):
            return None
        slots = self._draft(selection, self._patience.left(DRAFTING if self._provable else 1.0))
        is_short = slots is None or len(slots) < selection.most or self._lacks_musts(slots, selection)
        if is_short and self._provable and self._patience.left():
            return self._all_placed(1.0) if must_place_all else self._most_placed(selection.most == everything, selection, slots)
        if slots is None or (is_short and must_place_all):
            raise TimeoutError
        # Where it has fewer of those that must be placed, that bound is none: it might place more of the others.
        most = everything if self._lacks_musts(slots, selection) else selection.most
        return Found(slots, most, self._breaks(slots), fewest_breaks(self._problem, everything - len(slots)))

    def _selection(self) -> Selection | None:
        """Choose among more meetings than fit; None where not even the fixed ones do. Without time to choose, all are wanted."""
        try:
            return select(self._problem, self._patience.left(QUICK))
        except TimeoutError:
            return Selection(frozenset(one.id for one in self._problem.meetings), len(self._problem.meetings))

    def _draft(self, selection: Selection, seconds: float) -> Mapping[str, int] | None:
        """Draft a schedule, in so many seconds where it leaves something out; None where not even the fixed ones fit."""
        draft = Draft(self._problem, selection.meetings, self._seed)
        known = {**(self._wish.published or {}), **(self._wish.start or {})}
        enough = self._patience.left(1.0 - QUICK)
        if not draft.begin(known, lambda: self._patience.left() > enough):
            return None
        best: Mapping[str, int] | None = None

        def drafted(slots: Mapping[str, int]) -> None:
            nonlocal best
            if draft.is_fair and (best is None or self._cost(slots) < self._cost(best)):
                best = slots
                self._tell(slots, self._breaks(slots))

        # At once, so that there is something to show: what it takes out is put back where that is fair.
        draft.make_fair()
        drafted(draft.slots())
        if seconds > BRIEF:
            rest = max(0.0, self._patience.left() - seconds)
            draft.improve(lambda: self._patience.left() > (rest if draft.placed < selection.most else 0.0), drafted)
            draft.make_fair()
            drafted(draft.slots())
        return best

    def _cost(self, slots: Mapping[str, int]) -> tuple[int, int, int]:
        return self._musts.count(slots), self._left_out.count(slots), self._breaks(slots)

    def _lacks_musts(self, slots: Mapping[str, int], selection: Selection) -> bool:
        """Does it leave out more meetings that must be placed than the selection does?"""
        return self._musts.count(slots) > sum(one.must and one.id not in selection.meetings for one in self._problem.meetings)

    def _all_placed(self, share: float) -> Found | None:
        """The fewest breaks with every meeting placed; None where that is impossible, or not found in a share of the time."""
        return self._prove(len(self._problem.meetings), 0, 0, share, self._wish.start)

    def _most_placed(
        self, may_place_all: bool, selection: Selection | None = None, slots: Mapping[str, int] | None = None
    ) -> Found | None:
        """As many meetings as possible, those that must be placed first; then the fewest breaks."""
        everything = len(self._problem.meetings)
        if may_place_all:
            found = self._all_placed(SHARE)
            if found is not None:
                return found
        selection = selection or self._selection()
        if selection is None:
            return None
        if slots is None or self._lacks_musts(slots, selection):
            slots = self._place(selection.meetings) or slots or self._draft(selection, self._sketching)
        if slots is not None and len(slots) == selection.most and not self._lacks_musts(slots, selection):
            return self._fewest_breaks(slots, selection.most)
        kept: list[Kept] = []
        if any(meeting.must for meeting in self._problem.meetings):
            musts = self._stages.least(self._musts, kept, slots, SHARE)
            if musts is None:
                return None
            slots = musts.slots
            kept.append(Kept(self._musts, musts.value))
            if musts.value > musts.bound:
                return self._fewest_breaks(slots, everything)
        best = self._stages.least(self._left_out, kept, slots, SHARE)
        if best is None:
            return None
        return self._fewest_breaks(best.slots, everything - best.bound)

    def _place(self, meetings: Collection[str]) -> Mapping[str, int] | None:
        """Slots for all of these meetings; None where that is impossible, or takes too long."""
        if not self._patience.left():
            return None
        part = self._problem.only(meetings)
        limit = self._patience.left(1.0 - SHARE)
        prover = Prover(Timetable(part), self._breaks, lambda: self._patience.left() - limit, self._tell)
        try:
            return prover.first()
        except Stopped:
            return None
        finally:
            prover.close()

    def _fewest_breaks(self, slots: Mapping[str, int], placed_bound: int) -> Found:
        """The fewest breaks with as many meetings."""
        left_out, musts = self._left_out.count(slots), self._musts.count(slots)
        found = Found(slots, placed_bound, self._breaks(slots), fewest_breaks(self._problem, left_out))
        self._tell(slots, found.breaks)
        if found.breaks == found.bound or not self._provable:
            return found
        proven = self._prove(placed_bound, left_out, musts, SHARE, slots, is_sound=True)
        if proven is None or proven.breaks > found.breaks:
            return found if proven is None else replace(found, bound=max(found.bound, proven.bound))
        return replace(proven, bound=max(found.bound, proven.bound))

    def _prove(
        self,
        placed_bound: int,
        left_out: int,
        musts_left_out: int,
        share: float,
        start: Mapping[str, int] | None,
        is_sound: bool = False,
    ) -> Found | None:
        """The fewest breaks by SAT; None where that is impossible, or nothing was found in this share of the time.

        `start` need not keep the rules unless it `is_sound`.
        """
        if not self._patience.left():  # to write it down takes seconds by itself
            if share == 1.0:
                raise TimeoutError
            return None
        limit = self._patience.left(1.0 - share)
        timetable = Timetable(self._problem, left_out, musts_left_out)
        prover = Prover(
            timetable,
            self._breaks,
            left=lambda: self._patience.left() - (limit if prover.slots is None else 0.0),
            improved=self._tell,
        )
        if start is not None:
            prover.start_from(start, is_sound)
        try:
            prover.run(hurry=share < 1.0)
        except Stopped:
            if prover.slots is None and share == 1.0:
                raise TimeoutError from None
        finally:
            prover.close()
        return None if prover.slots is None else Found(prover.slots, placed_bound, prover.value, prover.bound)

    def _refined(self, found: Found) -> Found:
        """What is wished for beyond the fewest breaks; only counted where the problem is too large for a solver."""
        wish, slots = self._wish, found.slots
        refine = Refine(self._problem, self._stages)
        if not self._provable:
            idle = count_idle(self._problem, slots) if wish.idle else None
            changes = None if wish.published is None else count_changes(wish.published, slots)
            return replace(found, idle=idle, idle_bound=0 if idle is None else found.bound, changes=changes)
        if wish.idle:
            found = refine.idle(found)
        return found if wish.published is None else refine.changes(found, wish.published)

    def _breaks(self, slots: Mapping[str, int]) -> int:
        return count_breaks(self._problem, slots)

    def _tell(self, slots: Mapping[str, int], breaks: int) -> None:
        if self._wish.progress is not None:
            self._wish.progress(slots, breaks)
