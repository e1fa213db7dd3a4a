"""Whose eyes a list is made with: the member's own, or those of everybody."""

from dataclasses import dataclass

import numpy as np

from services.matching.ranking.documents import Bools, Documents, Floats
from services.matching.ranking.roster import Roster


@dataclass(frozen=True)
class View:
    """Who looks, and what counts: `near` marks the members whose kept things are seen, `own` the looker's documents that
    count, one entry a row, `topics` its topics."""

    member: int
    near: Bools
    own: Bools
    topics: Floats


def own_view(documents: Documents, roster: Roster, member: int) -> View:
    """See all of oneself, and of others what is open or of a shared district."""
    rows = documents.rows(member)
    return View(member, roster.neighbours(member), np.ones(rows.stop - rows.start, dtype=np.bool_), roster.topics_of(member))


def open_view(documents: Documents, roster: Roster, member: int) -> View:
    """See on both sides only what everybody sees."""
    nobody = np.zeros(len(roster.members), dtype=np.bool_)
    return View(member, nobody, documents.open[documents.rows(member)], roster.open_topics_of(member))
