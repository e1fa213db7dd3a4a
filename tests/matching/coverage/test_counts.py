"""Totals of coverage."""

from services.matching.coverage.counts import CoverageCounts
from services.matching.coverage.rules import MemberCoverage, NeedCoverage
from services.matching.coverage.schemas import MemberCount, NeedCount


def need(modes: tuple[str, ...], answered: tuple[str, ...]) -> NeedCoverage:
    return NeedCoverage("n1", "Hulls", "technology", modes, answered)


def member(modes: tuple[str, ...], suggested: tuple[str, ...], *needs: NeedCoverage) -> MemberCoverage:
    return MemberCoverage("a", "Firm A", "sme", modes, suggested, needs)


def counted(*members: MemberCoverage) -> CoverageCounts:
    counts = CoverageCounts()
    for row in members:
        counts.add(row)
    return counts


def test_of_nobody_everything_is_zero_in_every_mode() -> None:
    counts = counted()
    assert (counts.members().total, counts.members().without_suggestion) == (0, 0)
    assert counts.members().by_mode == dict.fromkeys(("b2b", "r2b", "f2b"), MemberCount(total=0, without_suggestion=0))
    assert counts.needs().by_mode == dict.fromkeys(("b2b", "r2b", "f2b"), NeedCount(total=0, without_answer=0))


def test_a_member_counts_in_the_modes_open_to_it_and_lacks_those_without_a_suggestion() -> None:
    members = counted(member(("b2b", "r2b"), ("b2b",)), member(("b2b",), ())).members()
    assert (members.total, members.without_suggestion) == (2, 1)
    assert members.by_mode == {
        "b2b": MemberCount(total=2, without_suggestion=1),
        "r2b": MemberCount(total=1, without_suggestion=1),
        "f2b": MemberCount(total=0, without_suggestion=0),
    }


def test_needs_of_all_members_are_added_up() -> None:
    answered, unanswered, hopeless = need(("b2b", "r2b"), ("r2b",)), need(("b2b",), ()), need((), ())
    needs = counted(member(("b2b",), (), answered, hopeless), member(("b2b",), ("b2b",), unanswered)).needs()
    assert (needs.total, needs.without_answer) == (3, 1)
    assert needs.by_mode == {
        "b2b": NeedCount(total=2, without_answer=2),
        "r2b": NeedCount(total=1, without_answer=0),
        "f2b": NeedCount(total=0, without_answer=0),
    }


NEED = NeedCoverage("n", "Laser", "technology", ("b2b", "r2b"), ("r2b",))


def test_members_and_needs_are_counted_as_a_whole_and_by_mode() -> None:
    counts = CoverageCounts()
    counts.add(MemberCoverage("a", "Anna", "sme", ("b2b", "r2b"), ("b2b",), (NEED,)))
    counts.add(MemberCoverage("b", "Bruno", "sme", ("b2b", "r2b"), (), ()))
    members, needs = counts.members(), counts.needs()
    assert (members.total, members.without_suggestion, members.by_mode["r2b"].without_suggestion) == (2, 1, 2)
    assert (needs.total, needs.without_answer, needs.by_mode["b2b"].without_answer) == (1, 0, 1)
    assert needs.by_mode["f2b"].total == 0
