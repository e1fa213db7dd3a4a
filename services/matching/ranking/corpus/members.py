"""Facts of whole members as arrays: kinds, districts, topics, places."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse

from services.matching.ranking.arrays import Bools, Floats, Ints
from services.matching.ranking.corpus.profile import Member, Need, Offer, is_open
from services.matching.ranking.rules.supply_chains import DIVISIONS, divisions, linked_divisions

PROVINCE, REGION, COUNTRY = 1.0, 0.7, 0.3


class MemberTable:
    """Members side by side; every array has one entry a member, in the order given."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        self.kinds = np.array([member.kind for member in members], dtype=object)
        self._residents = _residents(members)
        open_topics = [member.topics | _item_topics(member, open_only=True) for member in members]
        all_topics = [member.topics | _item_topics(member, open_only=False) for member in members]
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
        """Mark who shares a district with `viewer`, and so may see what is restricted to it."""
        near = self.residents(self.members[viewer].districts)
        near[viewer] = True
        return near

    def residents(self, districts: Iterable[str]) -> Bools:
        """Mark the members of some districts; unknown districts have none."""
        residents = np.zeros(len(self.members), dtype=np.bool_)
        for district in districts:
            residents[self._residents.get(district, [])] = True
        return residents

    def shared_topics(self, topics: Floats, partner: int, near: bool) -> frozenset[str]:
        """Name those of the viewer's `topics` that `partner` has too, as far as they are visible."""
        partner_topics = (self._all if near else self._open)[partner]
        return frozenset(self._topics[code] for code in np.flatnonzero(topics * partner_topics))

    def topics_of(self, member: int) -> Floats:
        """Give a member's topics, zeros and ones."""
        topics: Floats = self._all[member]
        return topics

    def open_topics_of(self, member: int) -> Floats:
        """Give the topics of a member that everybody may see."""
        topics: Floats = self._open[member]
        return topics

    def nearest_by_topics(self, topics: Floats, near: Bools, eligible: Bools, limit: int) -> Ints:
        """List the `limit` eligible members with the highest cosine of visible topics, in order of number."""
        codes = np.flatnonzero(topics)
        open_counts, all_counts = (
            np.bincount(table[codes].indices, minlength=len(near)) for table in (self._with_open, self._with_any)
        )
        counts = np.where(near, all_counts, open_counts) * eligible
        sharing = np.flatnonzero(counts)
        if len(sharing) <= limit:
            return sharing
        sizes = np.where(near[sharing], self._all_sizes[sharing], self._open_sizes[sharing])
        values = counts[sharing] / np.sqrt(sizes)
        # Ties at the cut go to the lowest numbers, so that the order of evaluation decides nothing.
        cut = np.partition(values, -limit)[-limit]
        above, tied = sharing[values > cut], sharing[values == cut]
        return np.sort(np.concatenate([above, tied[: limit - len(above)]]))

    def any_topics(self, member: int) -> Bools:
        """Mark who shares a topic with `member`, whoever may see it."""
        return np.asarray(self._all @ self._all[member] > 0)

    def topic_similarity(self, topics: Floats, candidates: Ints, near: Bools) -> Floats:
        """Cosine of the viewer's `topics` with those of each candidate, 0 to 1: |a and b| / sqrt(|a| |b|)."""
        candidate_topics, sizes = self._open[candidates], self._open_sizes[candidates]
        candidate_topics[near], sizes[near] = self._all[candidates[near]], self._all_sizes[candidates[near]]
        shared, sizes = candidate_topics @ topics, sizes * topics.sum()
        cosines: Floats = np.divide(shared, np.sqrt(sizes), out=np.zeros(len(near)), where=sizes > 0)
        return cosines

    def place(self, viewer: int, candidates: Ints) -> Floats:
        """Score proximity: same province (NUTS 3), region (NUTS 2) or country, 0 where nothing is common."""
        values = np.zeros(len(candidates))
        for codes, value in ((self._country, COUNTRY), (self._region, REGION), (self._province, PROVINCE)):
            if codes[viewer] >= 0:
                values[codes[candidates] == codes[viewer]] = value
        return values

    def supply_chain(self, viewer: int, candidates: Ints) -> Floats:
        """Mark, with 1, whose trade usually supplies the viewer's or is supplied by it; 0 where either is not stated."""
        if not self.members[viewer].ateco:
            return np.zeros(len(candidates))
        linked = linked_divisions(divisions(self.members[viewer].ateco))
        supplies: Floats = np.any(self._divisions[candidates] & linked, axis=1).astype(np.float64)
        return supplies


def _residents(members: Sequence[Member]) -> dict[str, Ints]:
    """Number the members of each district."""
    residents: dict[str, list[int]] = {}
    for number, member in enumerate(members):
        for district in member.districts:
            residents.setdefault(district, []).append(number)
    return {district: np.array(numbers, dtype=np.int64) for district, numbers in residents.items()}


def _item_topics(member: Member, open_only: bool) -> frozenset[str]:
    items: list[Offer | Need] = [*member.offers, *member.needs]
    return frozenset(topic for item in items if not open_only or is_open(item.visibility) for topic in item.topics)


def _incidence(sets: Sequence[frozenset[str]], codes: dict[str, int]) -> Floats:
    """Lay sets out as rows of zeros and ones."""
    rows = np.zeros((len(sets), len(codes)))
    for row, names in enumerate(sets):
        rows[row, [codes[name] for name in names]] = 1.0
    return rows


def _codes(names: Iterable[str | None]) -> Ints:
    """Number names in order of appearance; -1 for none."""
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(name, len(codes)) if name else -1 for name in names], dtype=np.int64)
