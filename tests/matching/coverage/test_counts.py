"""Counting coverage."""

from services.matching.coverage.counts import CoverageCounts
from services.matching.coverage.rules import MemberCoverage, NeedCoverage

NEED = NeedCoverage("n", "Laser", "technology", ("b2b", "r2b"), ("r2b",))


def test_members_and_needs_are_counted_as_a_whole_and_by_mode() -> None:
    counts = CoverageCounts()
    counts.add(MemberCoverage("a", "Anna", "sme", ("b2b", "r2b"), ("b2b",), (NEED,)))
    counts.add(MemberCoverage("b", "Bruno", "sme", ("b2b", "r2b"), (), ()))
    members, needs = counts.members(), counts.needs()
    assert (members.total, members.without_suggestion, members.by_mode["r2b"].without_suggestion) == (2, 1, 2)
    assert (needs.total, needs.without_answer, needs.by_mode["b2b"].without_answer) == (1, 0, 1)
    assert needs.by_mode["f2b"].total == 0
