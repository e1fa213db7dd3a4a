"""Facts of whole members as arrays: kinds, districts, topics, places."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse

from services.matching.ranking.documents import Bools, Floats, Ints
from services.matching.ranking.profile import Member, Offering, Seeking, is_open

PROVINCE, REGION, COUNTRY = 1.0, 0.7, 0.3


class Roster:
    """Members side by side; every array has one entry a member, in the order given."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        self.kinds = np.array([member.kind for member in members], dtype=object)
        self._districts = _incidence([member.districts for member in members])
        self._open_topics = [member.topics | _topics(member, everything=False) for member in members]
        self._all_topics = [member.topics | _topics(member, everything=True) for member in members]
        codes = {topic: code for code, topic in enumerate(sorted(set().union(*self._all_topics)))}
        self._open = _incidence(self._open_topics, codes)
        self._all = _incidence(self._all_topics, codes)
        self._with_open, self._with_any = (sparse.csr_matrix(table.T) for table in (self._open, self._all))
        self._province = _codes(member.nuts3 for member in members)
        self._region = _codes(member.nuts3 and member.nuts3[:4] for member in members)
        self._country = _codes(member.country for member in members)

    def neighbours(self, viewer: int) -> Bools:
        """Mark who shares a district with `viewer`, and so may see what is kept to it."""
        near: Bools = (self._districts @ self._districts[viewer]) > 0
        near[viewer] = True
        return near

    def shared_topics(self, viewer: int, other: int, near: bool) -> list[str]:
        """List the topics `viewer` has in common with what it may see of `other`, in order."""
        return sorted(self._all_topics[viewer] & (self._all_topics if near else self._open_topics)[other])

    def sharers(self, viewer: int, near: Bools, most: int) -> Ints:
        """List the members with most in common of what `viewer` may see of their topics, `most` of them, in order of number."""
        mine = np.flatnonzero(self._all[viewer])
        sharing = np.zeros(len(near), dtype=np.bool_)
        sharing[self._with_any[mine].indices] = True
        sharing &= near
        sharing[self._with_open[mine].indices] = True
        found = np.flatnonzero(sharing)
        if len(found) > most:
            values = self.topics(viewer, found, near[found])
            found = np.sort(found[np.argsort(-values, kind="stable")[:most]])
        return found

    def any_topics(self, member: int) -> Bools:
        """Mark who shares a topic with `member`, whoever may see it."""
        return np.asarray(self._all @ self._all[member] > 0)

    def topics(self, viewer: int, others: Ints, near: Bools) -> Floats:
        """Measure topics shared with `others`, 0 to 1: the cosine of two sets, |a and b| / sqrt(|a| |b|)."""
        mine = self._all[viewer]
        theirs = np.where(near[:, None], self._all[others], self._open[others])
        shared, sizes = theirs @ mine, theirs.sum(axis=1) * mine.sum()
        cosines: Floats = np.divide(shared, np.sqrt(sizes), out=np.zeros(len(near)), where=sizes > 0)
        return cosines

    def place(self, viewer: int, others: Ints) -> Floats:
        """Measure nearness: same province (NUTS 3), region (NUTS 2) or country, 0 where nothing is common."""
        values = np.zeros(len(others))
        for codes, value in ((self._country, COUNTRY), (self._region, REGION), (self._province, PROVINCE)):
            if codes[viewer] >= 0:
                values[codes[others] == codes[viewer]] = value
        return values


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
