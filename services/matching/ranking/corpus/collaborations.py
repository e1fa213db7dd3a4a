"""Work that members did together, and what it says of who knows whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from shared.contracts.base import Language

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


MANY = 20


@dataclass(frozen=True)
class Work:
    """A project, an agreement or another outcome with its members. Only what everybody may know is a work."""

    id: str
    members: tuple[str, ...]
    title: str
    text: str = ""
    language: Language = "en"


class History:
    """Who took part in what: `taken` is works x members, zeros and ones. Members not in `position` are left out."""

    def __init__(self, works: Sequence[Work], position: Mapping[str, int]) -> None:
        self.works = works
        self._row = {work.id: row for row, work in enumerate(works)}
        pairs = [(row, position[id]) for row, work in enumerate(works) for id in set(work.members) if id in position]
        rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        self.taken = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(works), len(position)))
        self._of = self.taken.T.tocsr()

    def rows(self, ids: Collection[str]) -> Ints:
        """Say which rows works have; those unknown are passed over."""
        return np.array([self._row[id] for id in ids if id in self._row], dtype=np.int64)

    def together(self, member: int, kept: Floats) -> Floats:
        """Count the works each member did with `member`, each as often as `kept` says: 1 or 0, or any weight."""
        own = self._of.indices[self._of.indptr[member] : self._of.indptr[member + 1]]
        if not len(own):
            return np.zeros(self._of.shape[0])
        mine = np.zeros(len(self.works))
        mine[own] = kept[own]
        counts: Floats = self._of @ mine
        counts[member] = 0.0
        return counts

    def experience(self) -> Floats:
        """Measure how many works each member took part in, on a scale of logarithms: 0 for none, 1 from `MANY` on."""
        counts: Floats = np.asarray(self.taken.sum(axis=0)).ravel()
        experience: Floats = np.minimum(np.log1p(counts) / np.log1p(MANY), 1.0)
        return experience

    def partners_of_partners(self, partners: Floats, kept: Floats) -> Floats:
        """Measure how closely each member worked with those who count in `partners`, 0 where nobody knows anybody.

        Two steps on the graph of works; a work of n members passes on 1/n, and a member with k works weighs 1/sqrt(k).
        """
        size = np.maximum(np.asarray(self.taken.sum(axis=1)).ravel(), 1.0)
        busy = np.sqrt(np.asarray(self._of @ kept).ravel() + 1.0)
        known: Floats = np.log1p(partners) / busy
        reached: Floats = self._of @ (kept * (self.taken @ known) / size)
        # What a member passes to itself is no acquaintance.
        reached -= known * (self._of @ (kept / size))
        return np.maximum(reached, 0.0) / busy
