"""Facts of whole members as arrays: kinds, districts, topics, places."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse

from services.matching.ranking.corpus.documents import Bools, Floats, Ints
from services.matching.ranking.corpus.profile import Member, Offering, Seeking, is_open
from services.matching.ranking.rules.supply_chains import DIVISIONS, chained, divisions

PROVINCE, REGION, COUNTRY = 1.0, 0.7, 0.3


class Roster:
    """Members side by side; every array has one entry a member, in the order given."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        self.kinds = np.array([member.kind for member in members], dtype=object)
        self._residents = _residents(members)
        open_topics = [member.topics | _topics(member, everything=False) for member in members]
        all_topics = [member.topics | _topics(member, everything=True) for member in members]
        self._topics = sorted(set().union(*all_topics))
        codes = {topic: code for code, topic in enumerate(self._topics)}
        self._open, self._all = _incidence(open_topics, codes), _incidence(all_topics, codes)
        self._open_sizes, self._all_sizes = self._open.sum(axis=1), self._all.sum(axis=1)
        self._with_open, self._with_any = (sparse.csr_matrix(table.T) for table in (self._open, self._all))
        self._province = _codes(member.nuts3 for member in members)
        self._region = _codes(member.nuts3 and member.nuts3[:4] for member in members)
        self._country = _codes(member.country for member in members)
        self._divisions = np.zeros((len(members), DIVISIONS), dtype=np.bool_)
        for number, member in enumerate(members):
            self._divisions[number, list(divisions(member.ateco))] = True

    def neighbours(self, viewer: int) -> Bools:
        """Mark who shares a district with `viewer`, and so may see what is kept to it."""
        near = self.residents(self.members[viewer].districts)
        near[viewer] = True
        return near

    def residents(self, districts: Iterable[str]) -> Bools:
        """Mark the members of some districts; those unknown have none."""
        marks = np.zeros(len(self.members), dtype=np.bool_)
        for district in districts:
            marks[self._residents.get(district, [])] = True
        return marks

    def shared_topics(self, mine: Floats, other: int, near: bool) -> frozenset[str]:
        """Name those of `mine` topics that `other` has too, as far as it is seen."""
        theirs = (self._all if near else self._open)[other]
        return frozenset(self._topics[code] for code in np.flatnonzero(mine * theirs))

    def topics_of(self, member: int) -> Floats:
        """Give a member's topics, zeros and ones."""
        topics: Floats = self._all[member]
        return topics

    def open_topics_of(self, member: int) -> Floats:
        """Give the topics of a member that everybody may see."""
        topics: Floats = self._open[member]
        return topics

    def sharers(self, topics: Floats, near: Bools, among: Bools, most: int) -> Ints:
        """List the members `among` some with most of `topics`, as far as they may be seen, `most` of them, in order of number."""
        mine = np.flatnonzero(topics)
        open_counts, all_counts = (
            np.bincount(table[mine].indices, minlength=len(near)) for table in (self._with_open, self._with_any)
        )
        counts = np.where(near, all_counts, open_counts) * among
        found = np.flatnonzero(counts)
        if len(found) <= most:
            return found
        sizes = np.where(near[found], self._all_sizes[found], self._open_sizes[found])
        values = counts[found] / np.sqrt(sizes)
        # The best, and of those as good as the last of them the first.
        last = np.partition(values, -most)[-most]
        better, alike = found[values > last], found[values == last]
        return np.sort(np.concatenate([better, alike[: most - len(better)]]))

    def any_topics(self, member: int) -> Bools:
        """Mark who shares a topic with `member`, whoever may see it."""
        return np.asarray(self._all @ self._all[member] > 0)

    def topics(self, mine: Floats, others: Ints, near: Bools) -> Floats:
        """Measure how many of `mine` topics `others` share, 0 to 1: the cosine of two sets, |a and b| / sqrt(|a| |b|)."""
        theirs, sizes = self._open[others], self._open_sizes[others]
        theirs[near], sizes[near] = self._all[others[near]], self._all_sizes[others[near]]
        shared, sizes = theirs @ mine, sizes * mine.sum()
        cosines: Floats = np.divide(shared, np.sqrt(sizes), out=np.zeros(len(near)), where=sizes > 0)
        return cosines

    def place(self, viewer: int, others: Ints) -> Floats:
        """Measure nearness: same province (NUTS 3), region (NUTS 2) or country, 0 where nothing is common."""
        values = np.zeros(len(others))
        for codes, value in ((self._country, COUNTRY), (self._region, REGION), (self._province, PROVINCE)):
            if codes[viewer] >= 0:
                values[codes[others] == codes[viewer]] = value
        return values

    def supply_chain(self, viewer: int, others: Ints) -> Floats:
        """Mark, with 1, whose trade usually supplies the viewer's or is supplied by it; 0 where either is not stated."""
        if not self.members[viewer].ateco:
            return np.zeros(len(others))
        mine = chained(divisions(self.members[viewer].ateco))
        marks: Floats = np.any(self._divisions[others] & mine, axis=1).astype(np.float64)
        return marks


def _residents(members: Sequence[Member]) -> dict[str, Ints]:
    """Number the members of each district."""
    residents: dict[str, list[int]] = {}
    for number, member in enumerate(members):
        for district in member.districts:
            residents.setdefault(district, []).append(number)
    return {district: np.array(numbers, dtype=np.int64) for district, numbers in residents.items()}


def _topics(member: Member, everything: bool) -> frozenset[str]:
    items: list[Offering | Seeking] = [*member.offers, *member.needs]
    return frozenset(topic for item in items if everything or is_open(item.visibility) for topic in item.topics)


def _incidence(sets: Sequence[frozenset[str]], codes: dict[str, int] | None = None) -> Floats:
    """Lay sets out as rows of zeros and ones."""
    codes = codes if codes is not None else {name: code for code, name in enumerate(sorted(set().union(*sets)))}
    rows = np.zeros((len(sets), len(codes)))
    for row, names in enumerate(sets):
        rows[row, [codes[name] for name in names]] = 1.0
    return rows


def _codes(names: Iterable[str | None]) -> Ints:
    """Number names in order of appearance; -1 for none."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) if name else -1 for name in names], dtype=np.int64)
