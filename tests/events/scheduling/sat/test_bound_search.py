"""The bound search meets at the fewest breaks, from any side, and stops when its time is over."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.events.scheduling import Problem
from services.events.scheduling.sat.bound_search import BoundSearch, SearchInterrupted
from services.events.scheduling.sat.encoding import SatEncoding
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import pair_problems

SMALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FOREVER = 60.0


def search(problem: Problem, seconds: float, reported: list[int]) -> BoundSearch:
    def count(slots: Mapping[str, int]) -> int:
        return brute_force.breaks(problem, slots)

    return BoundSearch(SatEncoding(problem), count, lambda: seconds, lambda _slots, breaks: reported.append(breaks))


@SMALL
@given(pair_problems(), st.booleans())
def test_value_and_bound_meet_at_the_fewest_breaks(problem: Problem, schedule_first: bool) -> None:
    reported: list[int] = []
    searching = search(problem, FOREVER, reported)
    searching.run(schedule_first)
    fewest = brute_force.best(problem, all_placed=True)
    assert searching.infeasible == (fewest is None)
    if fewest is not None:
        assert searching.value == searching.bound == reported[-1] == fewest[1]
        assert reported == sorted(set(reported), reverse=True)
    searching.close()


@SMALL
@given(pair_problems())
def test_from_a_valid_start_it_only_improves(problem: Problem) -> None:
    start = next(brute_force.schedules(problem, all_placed=True), None)
    if start is None:
        return
    reported: list[int] = []
    searching = search(problem, FOREVER, reported)
    searching.start_from(start, is_valid=True)
    assert (searching.slots, searching.value) == (start, brute_force.breaks(problem, start))
    searching.run()
    assert searching.value == searching.bound
    assert all(breaks < brute_force.breaks(problem, start) for breaks in reported)
    searching.close()


@SMALL
@given(pair_problems())
def test_without_time_it_is_interrupted(problem: Problem) -> None:
    searching = search(problem, 0.0, [])
    with pytest.raises(SearchInterrupted):
        searching.any_schedule()
    searching.close()
