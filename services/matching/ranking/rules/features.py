"""A viewer beside its candidates: the measures the three rules are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.matching.ranking.arrays import Bools, Floats, Ints
from services.matching.ranking.corpus.documents import NOISE, Documents
from services.matching.ranking.corpus.members import MemberTable
from services.matching.ranking.corpus.visibility import ViewerScope
from shared.contracts.matching import Mode

# The cosine that counts as full similarity: short technical texts on one subject seldom pass .4.
FULL_SIMILARITY = 0.4
# Many weak matches raise the best one by half at most: an organisation must not win by the length of its list.
MAX_GAIN = 1.5
# Collaborations that make two members fully close: three are as good as thirty.
FULL_CLOSENESS = 3.0


@dataclass(frozen=True)
class Match:
    """The best pair of documents with each candidate: `value` 0 to 1, and its rows, -1 where there is no pair."""

    value: Floats
    own: Ints
    partner: Ints


@dataclass(frozen=True)
class FacilityMatches:
    """How well facilities match, 0 to 1, and the pairs of both directions."""

    value: Floats
    matches: dict[str, Match]


@dataclass(frozen=True)
class Relationships:
    """What the viewer has in its past with each candidate.

    `collaborations` counts those shared, `interactions` is the value of interactions; `experience` scores how many
    collaborations each candidate has, 0 to 1.
    """

    collaborations: Floats
    interactions: Floats
    experience: Floats
    own_experience: float

    @property
    def closeness(self) -> Floats:
        """Score collaborations and interactions, 0 to 1."""
        closeness: Floats = np.minimum((self.collaborations + self.interactions) / FULL_CLOSENESS, 1.0)
        return closeness


@dataclass(frozen=True)
class Evaluation:
    """What a rule measures: each feature 0 to 1 for every candidate, and the document pairs behind some of them."""

    features: dict[str, Floats]
    matches: dict[str, Match]


class Pairs:
    """A viewer beside its `candidates`, as arrays over these. What is outside the `scope` has no part in any.

    `matches` are the cosines of the viewer's documents with all documents, a sparse matrix of the significant ones;
    `popularity` is 0 to 1.
    """

    def __init__(
        self,
        documents: Documents,
        table: MemberTable,
        scope: ViewerScope,
        candidates: Ints,
        matches: Any,
        relationships: Relationships,
        popularity: Floats,
    ) -> None:
        viewer = scope.member
        self.documents = documents
        self.viewer = viewer
        self.candidates = candidates
        self.kind = table.kinds[viewer]
        self.kinds = table.kinds[candidates]
        self.near = scope.near[candidates]
        self.own_visible = scope.own
        self.own_topics = scope.topics
        self.topic_similarity = table.topic_similarity(scope.topics, candidates, self.near)
        self.relationships = relationships
        self.seldom_shown = 1.0 - popularity
        self.place = table.place(viewer, candidates)
        self.supply_chain = table.supply_chain(viewer, candidates)
        self.rows = documents.rows(viewer)
        # The documents of the candidates, those of one member adjacent; `starts` gives where each member's begin.
        sizes = documents.sizes[candidates]
        self.starts: Ints = np.cumsum(sizes) - sizes
        self.columns: Ints = np.repeat(documents.starts[candidates] - self.starts, sizes) + np.arange(int(sizes.sum()))
        self.owner: Ints = np.repeat(np.arange(len(candidates)), sizes)
        self.visible: Bools = documents.open[self.columns] | self.near[self.owner]
        self._similarity = np.clip((_dense(matches, self.columns) - NOISE) / (FULL_SIMILARITY - NOISE), 0.0, 1.0)
        self._cubes: Floats = self._similarity * self._similarity * self._similarity

    def match(self, own: Bools, partner: Bools) -> Match:
        """Match the viewer's documents marked in `own` with those of candidates marked in `partner`, by their words.

        Of several pairs with one candidate the value is the cube root of the sum of cubes, at most `MAX_GAIN` times the best.
        """
        rows, visible = np.flatnonzero(own[self.rows] & self.own_visible), partner[self.columns] & self.visible
        if not len(rows) or not visible.any():
            none = np.full(len(self.candidates), -1)
            return Match(np.zeros(len(self.candidates)), none, none)
        best = self.best(self._similarity[rows], rows, visible)
        cubes = np.add.reduceat(self._cubes[rows].sum(axis=0) * visible, self.starts)
        value = np.minimum(np.minimum(np.cbrt(cubes), MAX_GAIN * best.value), 1.0)
        return Match(value, best.own, best.partner)

    def facilities(self) -> FacilityMatches:
        """Match facilities offered with the need for them, in either direction; the better one counts."""
        documents = self.documents
        used = self.match(own=documents.facilities_needed, partner=documents.facilities)
        offered = self.match(own=documents.facilities, partner=documents.facilities_needed)
        return FacilityMatches(np.maximum(used.value, offered.value), {"their_facility": used, "our_facility": offered})

    def best(self, values: Floats, rows: Ints, visible: Bools) -> Match:
        """Pick the best pair with each candidate, the first among equals.

        `values` is 0 or more, `rows` of the viewer's documents x those of the candidates; those not `visible` are left out.
        """
        count = len(visible)
        highest = values.max(axis=0, initial=0.0) * visible
        top = np.maximum.reduceat(highest, self.starts)
        none = top <= 0
        if none.all():
            return Match(top, np.full(len(top), -1), np.full(len(top), -1))
        is_top = highest == top[self.owner]
        columns = np.minimum.reduceat(np.where(is_top, np.arange(count), count), self.starts)
        own = rows[values[:, columns].argmax(axis=0)] + self.rows.start
        return Match(top, np.where(none, -1, own), np.where(none, -1, self.columns[columns]))


def _dense(matches: Any, columns: Ints) -> Floats:
    """Expand the matches with some documents, given in order, to a full matrix."""
    values = np.zeros((matches.shape[0], len(columns)))
    place = np.searchsorted(columns, matches.indices)
    inside = place < len(columns)
    inside[inside] = columns[place[inside]] == matches.indices[inside]
    rows = np.repeat(np.arange(matches.shape[0]), np.diff(matches.indptr))
    values[rows[inside], place[inside]] = matches.data[inside]
    return values


@dataclass(frozen=True)
class Rule:
    """The rule of a mode. The score is the sum of weight times feature; the weights add up to 1."""

    mode: Mode
    version: str
    weights: Mapping[str, float]
    evaluate: Callable[[Pairs], Evaluation]
