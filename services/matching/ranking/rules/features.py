"""One member beside others: the measures the three rules are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.matching.ranking.corpus.documents import NOISE, Bools, Documents, Floats, Ints
from services.matching.ranking.corpus.members import Roster
from services.matching.ranking.corpus.visibility import View
from shared.contracts.matching import Mode

# Short technical texts on one subject seldom pass .4.
ALIKE = 0.4
# Many weak matches raise the best one by half at most: an organisation must not win by the length of its list.
CROWD = 1.5
KNOWN = 3.0


@dataclass(frozen=True)
class Match:
    """The best pair of documents with each member: `value` 0 to 1, and its rows, -1 where there is no pair."""

    value: Floats
    mine: Ints
    theirs: Ints


@dataclass(frozen=True)
class Facilities:
    """How well facilities suit, 0 to 1, and the pairs of both directions."""

    value: Floats
    matches: dict[str, Match]


@dataclass(frozen=True)
class Acquaintance:
    """Works: those the viewer did `together` with each of the others, and how many each did, on a scale of 0 to 1.

    `worth` is what came of the viewer's own dealings with each.
    """

    together: Floats
    worth: Floats
    experience: Floats
    own_experience: float

    @property
    def closeness(self) -> Floats:
        """Measure works and dealings, 0 to 1: three are as good as thirty, the two know each other."""
        known: Floats = np.minimum((self.together + self.worth) / KNOWN, 1.0)
        return known


@dataclass(frozen=True)
class Judgement:
    """What a rule finds: each feature 0 to 1 for every member, and the pairs behind some of them."""

    features: dict[str, Floats]
    matches: dict[str, Match]


class Pairs:
    """A viewer beside `others`, as arrays over these. What the `view` does not hold has no part in any.

    `matches` are the cosines of the viewer's documents with all documents, a sparse matrix without those that tell nothing;
    `known` tells of works, `demand` in what share of others' lists each stands, 0 to 1.
    """

    def __init__(
        self, documents: Documents, roster: Roster, view: View, others: Ints, matches: Any, known: Acquaintance, demand: Floats
    ) -> None:
        viewer = view.member
        self.documents = documents
        self.viewer = viewer
        self.others = others
        self.kind = roster.kinds[viewer]
        self.kinds = roster.kinds[others]
        self.near = view.near[others]
        self.own = view.own
        self.own_topics = view.topics
        self.topics = roster.topics(view.topics, others, self.near)
        self.known = known
        self.seldom_shown = 1.0 - demand
        self.place = roster.place(viewer, others)
        self.supply_chain = roster.supply_chain(viewer, others)
        self.rows = documents.rows(viewer)
        # The documents of `others`, those of one member together; `starts` says where each member's begin.
        sizes = documents.sizes[others]
        self.starts: Ints = np.cumsum(sizes) - sizes
        self.columns: Ints = np.repeat(documents.starts[others] - self.starts, sizes) + np.arange(int(sizes.sum()))
        self.owner: Ints = np.repeat(np.arange(len(others)), sizes)
        self.visible: Bools = documents.open[self.columns] | self.near[self.owner]
        self._closeness = np.clip((_dense(matches, self.columns) - NOISE) / (ALIKE - NOISE), 0.0, 1.0)
        self._cubes: Floats = self._closeness * self._closeness * self._closeness

    def match(self, mine: Bools, theirs: Bools) -> Match:
        """Match the viewer's documents marked in `mine` with others' marked in `theirs`, by their words.

        Of several pairs with one member the value is the cube root of the sum of cubes, `CROWD` times the best at most.
        """
        rows, seen = np.flatnonzero(mine[self.rows] & self.own), theirs[self.columns] & self.visible
        if not len(rows) or not seen.any():
            nowhere = np.full(len(self.others), -1)
            return Match(np.zeros(len(self.others)), nowhere, nowhere)
        best = self.best(self._closeness[rows], rows, seen)
        cubes = np.add.reduceat(self._cubes[rows].sum(axis=0) * seen, self.starts)
        value = np.minimum(np.minimum(np.cbrt(cubes), CROWD * best.value), 1.0)
        return Match(value, best.mine, best.theirs)

    def facilities(self) -> "Facilities":
        """Match facilities offered with the need for them, in either direction; the better one counts."""
        documents = self.documents
        theirs = self.match(mine=documents.facilities_needed, theirs=documents.facilities)
        ours = self.match(mine=documents.facilities, theirs=documents.facilities_needed)
        return Facilities(np.maximum(theirs.value, ours.value), {"their_facility": theirs, "our_facility": ours})

    def best(self, values: Floats, rows: Ints, seen: Bools) -> Match:
        """Pick the best pair with each member, the first among equals.

        `values` is 0 or more, `rows` of the viewer's documents x those of `others`; those not `seen` are left out.
        """
        count = len(seen)
        highest = values.max(axis=0, initial=0.0) * seen
        top = np.maximum.reduceat(highest, self.starts)
        none = top <= 0
        if none.all():
            return Match(top, np.full(len(top), -1), np.full(len(top), -1))
        is_top = highest == top[self.owner]
        theirs = np.minimum.reduceat(np.where(is_top, np.arange(count), count), self.starts)
        mine = rows[values[:, theirs].argmax(axis=0)] + self.rows.start
        return Match(top, np.where(none, -1, mine), np.where(none, -1, self.columns[theirs]))


def _dense(matches: Any, columns: Ints) -> Floats:
    """Lay the matches with some documents, given in order, out in full."""
    values = np.zeros((matches.shape[0], len(columns)))
    place = np.searchsorted(columns, matches.indices)
    inside = place < len(columns)
    inside[inside] = columns[place[inside]] == matches.indices[inside]
    rows = np.repeat(np.arange(matches.shape[0]), np.diff(matches.indptr))
    values[rows[inside], place[inside]] = matches.data[inside]
    return values


@dataclass(frozen=True)
class Rule:
    """One way of matching. The score is the sum of weight times feature; the weights add up to 1."""

    mode: Mode
    version: str
    weights: Mapping[str, float]
    judge: Callable[[Pairs], Judgement]
