"""Counting coverage: totals and what is lacking, as a whole and by mode."""

from collections import Counter

from services.matching.coverage.rules import MODES, MemberCoverage, NeedCoverage
from services.matching.coverage.schemas import MemberCount, MemberCounts, NeedCount, NeedCounts
from shared.contracts.matching import Mode


class CoverageCounts:
    """Adds members up."""

    def __init__(self) -> None:
        self._members = _Counts()
        self._needs = _Counts()

    def add(self, member: MemberCoverage) -> None:
        """Count one member and its needs."""
        self._members.add(member)
        for need in member.needs:
            self._needs.add(need)

    def members(self) -> MemberCounts:
        """Show the counts of members."""
        total, lacking, by_mode = self._members.total, self._members.lacking, {}
        for mode in MODES:
            by_mode[mode] = MemberCount(total=total[mode], without_suggestion=lacking[mode])
        return MemberCounts(total=total[None], without_suggestion=lacking[None], by_mode=by_mode)

    def needs(self) -> NeedCounts:
        """Show the counts of needs."""
        total, lacking, by_mode = self._needs.total, self._needs.lacking, {}
        for mode in MODES:
            by_mode[mode] = NeedCount(total=total[mode], without_answer=lacking[mode])
        return NeedCounts(total=total[None], without_answer=lacking[None], by_mode=by_mode)


class _Counts:
    def __init__(self) -> None:
        self.total: Counter[Mode | None] = Counter()
        self.lacking: Counter[Mode | None] = Counter()

    def add(self, item: MemberCoverage | NeedCoverage) -> None:
        for mode in (None, *item.modes):
            self.total[mode] += 1
            self.lacking[mode] += item.lacks(mode)
