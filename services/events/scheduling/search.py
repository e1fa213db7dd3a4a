"""The objectives of a search in their order: mandatory meetings, all meetings, breaks, then those of the options."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from services.events.scheduling.bounds.breaks import breaks_lower_bound
from services.events.scheduling.bounds.placeable import MeetingSelection, select_meetings
from services.events.scheduling.cpsat.lexicographic import FIRST_ATTEMPT_SHARE, LexicographicOptimizer, Objective, ObjectiveLimit
from services.events.scheduling.cpsat.model import ScheduleModel
from services.events.scheduling.deadline import Deadline
from services.events.scheduling.heuristic.anytime import AnytimeHeuristic
from services.events.scheduling.metrics import count_breaks, count_changed_meetings, count_idle_slots
from services.events.scheduling.options import SolverOptions
from services.events.scheduling.problem import Problem
from services.events.scheduling.sat.bound_search import BoundSearch, SearchInterrupted
from services.events.scheduling.sat.encoding import MAX_SMALL_SIZE, SatEncoding
from services.events.scheduling.search_result import SearchResult
from services.events.scheduling.secondary_objectives import SecondaryObjectives

SELECTION_SHARE = 0.2
"""Share of the time for choosing among more meetings than fit."""
HEURISTIC_SHARE = 0.6
"""Share of the time for a heuristic schedule that leaves meetings out, where a solver may place more. One of all meetings has the
whole time: in a large problem a solver found no fewer breaks, and no better bound."""
FALLBACK_SECONDS = 1e-4
"""Seconds per pair of a meeting and a slot for a heuristic schedule where a solver found none, as a start for others."""
MIN_IMPROVEMENT_SECONDS = 0.1
"""A heuristic schedule does not improve in less."""
MAX_SOLVER_SIZE = 40_000
"""Meetings times slots up to which the solvers are used; above, schedules are heuristic and bounds counted."""
FINISHING_SECONDS = 2e-5
"""Seconds per pair of a meeting and a slot that tables and reasons of a large problem take after the search."""


class ScheduleSearch:
    """One search for slots under a time limit in seconds."""

    def __init__(self, problem: Problem, time_limit: float, workers: int, seed: int, options: SolverOptions) -> None:
        size = len(problem.meetings) * len(problem.slots)
        self._is_large, self._is_solvable = size > MAX_SMALL_SIZE, size <= MAX_SOLVER_SIZE
        self._fallback_seconds = FALLBACK_SECONDS * size
        self._problem = problem
        self._deadline = Deadline(time_limit - (FINISHING_SECONDS * size if self._is_large else 0.0), options.cancel)
        self._optimizer = LexicographicOptimizer(problem, self._deadline, workers, seed, self._report)
        self._seed = seed
        self._options = options
        self._left_out = Objective(ScheduleModel.left_out, lambda slots: len(problem.meetings) - len(slots))
        self._mandatory_left_out = Objective(
            ScheduleModel.mandatory_left_out,
            lambda slots: sum(meeting.mandatory and meeting.id not in slots for meeting in problem.meetings),
        )

    def run(self, may_place_all: bool, must_place_all: bool) -> SearchResult | None:
        """The best slots found; None when no schedule is proven to exist. Raises TimeoutError."""
        if self._is_large:
            result = self._large(must_place_all)
        else:
            result = self._all_placed(1.0) if must_place_all else self._most_placed(may_place_all)
        return None if result is None else self._with_secondary_objectives(result)

    def _large(self, must_place_all: bool) -> SearchResult | None:
        """A heuristic schedule at once, then the fewest breaks that time and the size of the problem allow."""
        total = len(self._problem.meetings)
        selection = self._select()
        if selection is None or (must_place_all and selection.upper_bound < total):
            return None
        slots = self._heuristic(selection, self._deadline.seconds_left(HEURISTIC_SHARE if self._is_solvable else 1.0))
        is_short = slots is None or len(slots) < selection.upper_bound or self._lacks_mandatory(slots, selection)
        if is_short and self._is_solvable and self._deadline.seconds_left():
            if must_place_all:
                return self._all_placed(1.0)
            return self._most_placed(selection.upper_bound == total, selection, slots)
        if slots is None or (is_short and must_place_all):
            raise TimeoutError
        # The selection's bound holds for as many mandatory meetings only: with fewer, more others might be placed.
        placed_bound = total if self._lacks_mandatory(slots, selection) else selection.upper_bound
        return SearchResult(slots, placed_bound, self._breaks(slots), breaks_lower_bound(self._problem, total - len(slots)))

    def _select(self) -> MeetingSelection | None:
        """Choose among more meetings than fit; None where not even the fixed ones do. All are chosen where time is short."""
        try:
            return select_meetings(self._problem, self._deadline.seconds_left(SELECTION_SHARE))
        except TimeoutError:
            return MeetingSelection(frozenset(meeting.id for meeting in self._problem.meetings), len(self._problem.meetings))

    def _heuristic(self, selection: MeetingSelection, seconds: float) -> Mapping[str, int] | None:
        """A heuristic schedule, within `seconds` where it leaves meetings out; None where not even the fixed ones fit."""
        heuristic = AnytimeHeuristic(self._problem, selection.meetings, self._seed)
        start = {**(self._options.published or {}), **(self._options.start or {})}
        construction_end = self._deadline.seconds_left(1.0 - SELECTION_SHARE)
        if not heuristic.construct(start, lambda: self._deadline.seconds_left() > construction_end):
            return None
        best: Mapping[str, int] | None = None

        def keep_if_better(slots: Mapping[str, int]) -> None:
            nonlocal best
            if heuristic.is_fair and (best is None or self._cost(slots) < self._cost(best)):
                best = slots
                self._report(slots)

        # Before improving, so that there is a schedule at once: meetings removed for fairness are placed later where possible.
        heuristic.make_fair()
        keep_if_better(heuristic.slots())
        if seconds > MIN_IMPROVEMENT_SECONDS:
            reserve = max(0.0, self._deadline.seconds_left() - seconds)
            heuristic.improve(
                lambda: self._deadline.seconds_left() > (reserve if heuristic.placed < selection.upper_bound else 0.0),
                keep_if_better,
            )
            heuristic.make_fair()
            keep_if_better(heuristic.slots())
        return best

    def _cost(self, slots: Mapping[str, int]) -> tuple[int, int, int]:
        return self._mandatory_left_out.count(slots), self._left_out.count(slots), self._breaks(slots)

    def _lacks_mandatory(self, slots: Mapping[str, int], selection: MeetingSelection) -> bool:
        """Whether more mandatory meetings are left out than by the selection."""
        unselected = sum(meeting.mandatory and meeting.id not in selection.meetings for meeting in self._problem.meetings)
        return self._mandatory_left_out.count(slots) > unselected

    def _all_placed(self, share: float) -> SearchResult | None:
        """The fewest breaks with every meeting placed; None where that is impossible, or not found in a share of the time."""
        return self._prove_breaks(len(self._problem.meetings), 0, 0, share, self._options.start)

    def _most_placed(
        self, may_place_all: bool, selection: MeetingSelection | None = None, slots: Mapping[str, int] | None = None
    ) -> SearchResult | None:
        """As many meetings as possible, mandatory ones first; then the fewest breaks."""
        total = len(self._problem.meetings)
        if may_place_all:
            result = self._all_placed(FIRST_ATTEMPT_SHARE)
            if result is not None:
                return result
        selection = selection or self._select()
        if selection is None:
            return None
        if slots is None or self._lacks_mandatory(slots, selection):
            slots = self._place(selection.meetings) or slots or self._heuristic(selection, self._fallback_seconds)
        if slots is not None and len(slots) == selection.upper_bound and not self._lacks_mandatory(slots, selection):
            return self._fewest_breaks(slots, selection.upper_bound)
        limits: list[ObjectiveLimit] = []
        if any(meeting.mandatory for meeting in self._problem.meetings):
            mandatory = self._optimizer.minimise(self._mandatory_left_out, limits, slots, FIRST_ATTEMPT_SHARE)
            if mandatory is None:
                return None
            slots = mandatory.slots
            limits.append(ObjectiveLimit(self._mandatory_left_out, mandatory.value))
            if mandatory.value > mandatory.bound:
                return self._fewest_breaks(slots, total)
        best = self._optimizer.minimise(self._left_out, limits, slots, FIRST_ATTEMPT_SHARE)
        if best is None:
            return None
        return self._fewest_breaks(best.slots, total - best.bound)

    def _place(self, meetings: Collection[str]) -> Mapping[str, int] | None:
        """Slots for all of these meetings; None where that is impossible, or takes too long."""
        if not self._deadline.seconds_left():
            return None
        subproblem = self._problem.restricted_to(meetings)
        reserve = self._deadline.seconds_left(1.0 - FIRST_ATTEMPT_SHARE)
        search = BoundSearch(
            SatEncoding(subproblem), self._breaks, lambda: self._deadline.seconds_left() - reserve, self._options.progress_listener
        )
        try:
            return search.any_schedule()
        except SearchInterrupted:
            return None
        finally:
            search.close()

    def _fewest_breaks(self, slots: Mapping[str, int], placed_bound: int) -> SearchResult:
        """The fewest breaks with as many meetings as in these slots."""
        left_out, mandatory = self._left_out.count(slots), self._mandatory_left_out.count(slots)
        counted = SearchResult(slots, placed_bound, self._breaks(slots), breaks_lower_bound(self._problem, left_out))
        self._report(slots)
        if counted.breaks == counted.breaks_bound or not self._is_solvable:
            return counted
        proven = self._prove_breaks(placed_bound, left_out, mandatory, FIRST_ATTEMPT_SHARE, slots, start_is_valid=True)
        if proven is None:
            return counted
        best = counted if proven.breaks > counted.breaks else proven
        return replace(best, breaks_bound=max(counted.breaks_bound, proven.breaks_bound))

    def _prove_breaks(
        self,
        placed_bound: int,
        left_out: int,
        mandatory_left_out: int,
        share: float,
        start: Mapping[str, int] | None,
        start_is_valid: bool = False,
    ) -> SearchResult | None:
        """The fewest breaks by SAT; None where that is impossible, or nothing was found in this share of the time.

        `start` need not keep the constraints unless `start_is_valid`.
        """
        if not self._deadline.seconds_left():  # the encoding alone takes seconds
            if share == 1.0:
                raise TimeoutError
            return None
        reserve = self._deadline.seconds_left(1.0 - share)
        encoding = SatEncoding(self._problem, left_out, mandatory_left_out)
        search = BoundSearch(
            encoding,
            self._breaks,
            seconds_left=lambda: self._deadline.seconds_left() - (reserve if search.slots is None else 0.0),
            progress_listener=self._options.progress_listener,
        )
        if start is not None:
            search.start_from(start, start_is_valid)
        try:
            search.run(schedule_first=share < 1.0)
        except SearchInterrupted:
            if search.slots is None and share == 1.0:
                raise TimeoutError from None
        finally:
            search.close()
        return None if search.slots is None else SearchResult(search.slots, placed_bound, search.value, search.bound)

    def _with_secondary_objectives(self, result: SearchResult) -> SearchResult:
        """Optimise the objectives of the options; only count them where the problem is too large for a solver."""
        options, slots = self._options, result.slots
        if not self._is_solvable:
            idle_slots = count_idle_slots(self._problem, slots) if options.minimise_gaps else None
            changed = None if options.published is None else count_changed_meetings(options.published, slots)
            idle_slots_bound = 0 if idle_slots is None else result.breaks_bound
            return replace(result, idle_slots=idle_slots, idle_slots_bound=idle_slots_bound, changed_meetings=changed)
        secondary = SecondaryObjectives(self._problem, self._optimizer)
        if options.minimise_gaps:
            result = secondary.minimise_idle_slots(result)
        if options.published is not None:
            result = secondary.minimise_changes(result, options.published)
        return result

    def _breaks(self, slots: Mapping[str, int]) -> int:
        return count_breaks(self._problem, slots)

    def _report(self, slots: Mapping[str, int]) -> None:
        self._options.progress_listener(slots, self._breaks(slots))
