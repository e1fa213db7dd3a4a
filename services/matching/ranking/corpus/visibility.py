"""Whose eyes a list is made with: the member's own, those of some districts, or of everybody."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from services.matching.ranking.corpus.documents import Bools, Documents, Floats
from services.matching.ranking.corpus.members import Roster


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


def shared_view(documents: Documents, roster: Roster, member: int, districts: Collection[str]) -> View:
    """See on both sides what everybody sees, and what is kept to one of these districts."""
    near = roster.residents(districts)
    own = documents.open[documents.rows(member)] | near[member]
    return View(member, near, own, roster.topics_of(member) if near[member] else roster.open_topics_of(member))
