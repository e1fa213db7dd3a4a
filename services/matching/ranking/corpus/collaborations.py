"""Collaborations of members (projects, agreements), and what they say about who has worked with whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from services.matching.ranking.arrays import Floats, Ints
from shared.contracts.base import Language

# From this many collaborations on, experience is full.
FULL_EXPERIENCE = 20


@dataclass(frozen=True)
class Collaboration:
    """A project, an agreement or another outcome with its members. Only public ones are listed."""

    id: str
    members: tuple[str, ...]
    title: str
    text: str = ""
    language: Language = "en"


class CollaborationHistory:
    """Who took part in what: `incidence` is collaborations x members, zeros and ones. Members not in `position` are left out."""

    def __init__(self, collaborations: Sequence[Collaboration], position: Mapping[str, int]) -> None:
        self.collaborations = collaborations
        self._row = {collaboration.id: row for row, collaboration in enumerate(collaborations)}
        pairs = [
            (row, position[id])
            for row, collaboration in enumerate(collaborations)
            for id in set(collaboration.members)
            if id in position
        ]
        rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        self.incidence = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(collaborations), len(position)))
        self._by_member = self.incidence.T.tocsr()

    def rows(self, ids: Collection[str]) -> Ints:
        """Give the rows of collaborations; unknown ids are skipped."""
        return np.array([self._row[id] for id in ids if id in self._row], dtype=np.int64)

    def shared_with(self, member: int, weights: Floats) -> Floats:
        """Add up, for each member, the `weights` of the collaborations it shares with `member`."""
        own = self._by_member.indices[self._by_member.indptr[member] : self._by_member.indptr[member + 1]]
        if not len(own):
            return np.zeros(self._by_member.shape[0])
        own_weights = np.zeros(len(self.collaborations))
        own_weights[own] = weights[own]
        counts: Floats = self._by_member @ own_weights
        counts[member] = 0.0
        return counts

    def experience(self) -> Floats:
        """Score how many collaborations each member took part in, on a log scale: 0 for none, 1 from `FULL_EXPERIENCE` on."""
        counts: Floats = np.asarray(self.incidence.sum(axis=0)).ravel()
        experience: Floats = np.minimum(np.log1p(counts) / np.log1p(FULL_EXPERIENCE), 1.0)
        return experience

    def partners_of_partners(self, partners: Floats, weights: Floats) -> Floats:
        """Score how closely each member worked with those who count in `partners`, 0 where nobody knows anybody.

        Two steps on the collaboration graph; one of n members passes on 1/n, and a member with k of them weighs 1/sqrt(k).
        """
        size = np.maximum(np.asarray(self.incidence.sum(axis=1)).ravel(), 1.0)
        activity = np.sqrt(np.asarray(self._by_member @ weights).ravel() + 1.0)
        strength: Floats = np.log1p(partners) / activity
        reached: Floats = self._by_member @ (weights * (self.incidence @ strength) / size)
        # A member is no acquaintance of itself.
        reached -= strength * (self._by_member @ (weights / size))
        return np.maximum(reached, 0.0) / activity
