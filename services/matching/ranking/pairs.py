"""One member beside all others: the measures the three rules are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from services.matching.ranking.documents import Bools, Documents, Floats, Ints
from services.matching.ranking.roster import Roster
from shared.contracts.matching import Mode

# A cosine below .1 is a common word or two; short technical texts on one subject seldom pass .4.
NOISE, ALIKE = 0.1, 0.4
# Many weak matches raise the best one by half at most: an organisation must not win by the length of its list.
CROWD = 1.5


@dataclass(frozen=True)
class Match:
    """The best pair of documents with each member: `value` 0 to 1, and its rows, -1 where there is no pair."""

    value: Floats
    mine: Ints
    theirs: Ints


@dataclass(frozen=True)
class Judgement:
    """What a rule finds: each feature 0 to 1 for every member, and the pairs behind some of them."""

    features: dict[str, Floats]
    matches: dict[str, Match]


class Pairs:
    """`viewer` and everybody else, as arrays over members. What the viewer may not see has no part in any."""

    def __init__(self, documents: Documents, roster: Roster, viewer: int) -> None:
        self.documents = documents
        self.viewer = viewer
        self.kind = roster.kinds[viewer]
        self.kinds = roster.kinds
        self.near = roster.neighbours(viewer)
        self.topics = roster.topics(viewer, self.near)
        self.place = roster.place(viewer)
        self.rows = documents.rows(viewer)
        self.visible: Bools = documents.open | self.near[documents.owner]
        cosines = (documents.vectors[self.rows] @ documents.columns).toarray()
        self._closeness: Floats = np.clip((cosines - NOISE) / (ALIKE - NOISE), 0.0, 1.0)
        self._cubes: Floats = self._closeness * self._closeness * self._closeness

    def match(self, mine: Bools, theirs: Bools) -> Match:
        """Match the viewer's documents marked in `mine` with others' marked in `theirs`, by their words.

        Of several pairs with one member the value is the cube root of the sum of cubes, `CROWD` times the best at most.
        """
        rows, seen = np.flatnonzero(mine[self.rows]), theirs & self.visible
        best = self.best(self._closeness[rows], rows, seen)
        cubes = np.add.reduceat(self._cubes[rows].sum(axis=0) * seen, self.documents.starts)
        value = np.minimum(np.minimum(np.cbrt(cubes), CROWD * best.value), 1.0)
        return Match(value, best.mine, best.theirs)

    def best(self, values: Floats, rows: Ints, seen: Bools) -> Match:
        """Pick the best pair with each member, the first among equals.

        `values` is 0 or more, `rows` of the viewer's documents x all documents; those not `seen` are left out.
        """
        starts, count = self.documents.starts, len(seen)
        highest = values.max(axis=0, initial=0.0) * seen
        top = np.maximum.reduceat(highest, starts)
        none = top <= 0
        if none.all():
            return Match(top, np.full(len(top), -1), np.full(len(top), -1))
        is_top = highest == top[self.documents.owner]
        theirs = np.minimum.reduceat(np.where(is_top, np.arange(count), count), starts)
        mine = rows[values[:, theirs].argmax(axis=0)] + self.rows.start
        return Match(top, np.where(none, -1, mine), np.where(none, -1, theirs))


@dataclass(frozen=True)
class Rule:
    """One way of matching. The score is the sum of weight times feature; the weights add up to 1."""

    mode: Mode
    version: str
    weights: Mapping[str, float]
    judge: Callable[[Pairs], Judgement]
