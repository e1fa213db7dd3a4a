"""Whom a member is compared with, and whose comparisons a changed member may enter: two sides of one question."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from services.matching.ranking.corpus.collaborations import History
from services.matching.ranking.corpus.documents import Bools, Documents, Floats, Ints
from services.matching.ranking.corpus.members import Roster
from services.matching.ranking.corpus.profile import Member
from services.matching.ranking.corpus.visibility import View
from services.matching.ranking.rules.past_interactions import Dealings
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind

# Fewer than FEW members with words in common, and those with topics in common are looked at too, `MOST_SHARERS` at most.
FEW, MOST_SHARERS = 60, 500


class Candidates:
    """The members of an index, by what may be between two of them. `eligible` marks whom a kind can be matched with, by mode."""

    def __init__(
        self,
        members: Sequence[Member],
        documents: Documents,
        roster: Roster,
        history: History,
        eligible: Mapping[Kind, Mapping[Mode, Bools]],
    ) -> None:
        self._members = members
        self._position = {member.id: position for position, member in enumerate(members)}
        self._documents = documents
        self._roster = roster
        self._history = history
        self._kept = np.ones(len(history.works))
        self._lenders, self._seekers = (np.flatnonzero(side(("capital",))) for side in (documents.offers, documents.needs))
        nobody = np.zeros(len(members), dtype=np.bool_)
        self._possible = {kind: np.logical_or.reduce([*modes.values(), nobody]) for kind, modes in eligible.items()}

    def together(self, member: int) -> Floats:
        """Count the works each member did with one."""
        return self._history.together(member, self._kept)

    def of(self, view: View, matches: Any, together: Floats) -> Ints:
        """Number, in order, whoever may have something in common with the viewer; what the view does not hold finds nobody.

        Only those that it can be matched with count, so that nobody else moves its list.
        """
        documents, kind = self._documents, self._members[view.member].kind
        possible = self._possible[kind]
        visible = documents.open[matches.indices] | view.near[documents.owner[matches.indices]]
        found = together > 0
        found[documents.owner[matches.indices[visible]]] = True
        found[view.member] = False
        found &= possible
        if np.count_nonzero(found) < FEW:
            found[self._roster.sharers(view.topics, view.near, possible, MOST_SHARERS)] = True
        if (documents.capital[documents.rows(view.member)] & view.own).any():
            rows = self._seekers if kind == "financial-operator" else self._lenders
            found[documents.owner[rows[documents.open[rows] | view.near[documents.owner[rows]]]]] = True
        found[view.member] = False
        return np.flatnonzero(found)

    def reached_by(self, changed: int, dealings: Dealings) -> Bools:
        """Mark whoever may have a member among its candidates, seen or not; more than need be, never fewer."""
        documents = self._documents
        reached = self.together(changed) > 0
        mine = documents.rows(changed)
        reached[documents.owner[documents.matches(mine).indices]] = True
        reached |= self._roster.any_topics(changed)
        if documents.capital[mine].any():
            reached[documents.owner[np.flatnonzero(documents.capital)]] = True
        dealt = [self._position[id] for id in dealings.with_(self._members[changed].id) if id in self._position]
        reached[np.array(dealt, dtype=np.int64)] = True
        reached &= self._possible[self._members[changed].kind]
        reached[changed] = True
        return reached
