"""Whom a member is compared with, and into whose comparisons a changed member may enter: two sides of one question."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from services.matching.ranking.arrays import Bools, Floats, Ints
from services.matching.ranking.corpus.collaborations import CollaborationHistory
from services.matching.ranking.corpus.documents import Documents
from services.matching.ranking.corpus.members import MemberTable
from services.matching.ranking.corpus.profile import Member
from services.matching.ranking.corpus.visibility import ViewerScope
from services.matching.ranking.rules.past_interactions import Interactions
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind

# With fewer candidates by words, those with shared topics are added, at most `MAX_BY_TOPICS`.
MIN_BY_WORDS, MAX_BY_TOPICS = 60, 500


class Candidates:
    """Finds who may have something in common with a member. `eligible` marks whom a kind can be matched with, by mode."""

    def __init__(
        self,
        members: Sequence[Member],
        documents: Documents,
        table: MemberTable,
        history: CollaborationHistory,
        eligible: Mapping[Kind, Mapping[Mode, Bools]],
    ) -> None:
        self._members = members
        self._position = {member.id: position for position, member in enumerate(members)}
        self._documents = documents
        self._table = table
        self._history = history
        self._equal_weights = np.ones(len(history.collaborations))
        self._lenders, self._borrowers = (np.flatnonzero(side(("capital",))) for side in (documents.offers, documents.needs))
        no_member = np.zeros(len(members), dtype=np.bool_)
        self._eligible = {kind: np.logical_or.reduce([*modes.values(), no_member]) for kind, modes in eligible.items()}

    def collaborations_with(self, member: int) -> Floats:
        """Count the collaborations each member shares with `member`."""
        return self._history.shared_with(member, self._equal_weights)

    def of(self, scope: ViewerScope, matches: Any, collaborations: Floats) -> Ints:
        """Number, in order, the candidates of a viewer, by what is inside the scope alone.

        Only eligible members count, so that nobody else changes the list.
        """
        documents, kind = self._documents, self._members[scope.member].kind
        eligible = self._eligible[kind]
        visible = documents.open[matches.indices] | scope.near[documents.owner[matches.indices]]
        candidates = collaborations > 0
        candidates[documents.owner[matches.indices[visible]]] = True
        candidates[scope.member] = False
        candidates &= eligible
        if np.count_nonzero(candidates) < MIN_BY_WORDS:
            candidates[self._table.nearest_by_topics(scope.topics, scope.near, eligible, MAX_BY_TOPICS)] = True
        if (documents.capital[documents.rows(scope.member)] & scope.own).any():
            rows = self._borrowers if kind == "financial-operator" else self._lenders
            candidates[documents.owner[rows[documents.open[rows] | scope.near[documents.owner[rows]]]]] = True
        candidates[scope.member] = False
        return np.flatnonzero(candidates)

    def reached_by(self, changed: int, interactions: Interactions) -> Bools:
        """Mark who may have a member among its candidates, whatever is visible: possibly too many, never too few."""
        documents = self._documents
        reached = self.collaborations_with(changed) > 0
        rows = documents.rows(changed)
        reached[documents.owner[documents.matches(rows).indices]] = True
        reached |= self._table.any_topics(changed)
        if documents.capital[rows].any():
            reached[documents.owner[np.flatnonzero(documents.capital)]] = True
        with_interactions = interactions.with_(self._members[changed].id)
        reached[np.array([self._position[id] for id in with_interactions if id in self._position], dtype=np.int64)] = True
        reached &= self._eligible[self._members[changed].kind]
        reached[changed] = True
        return reached
