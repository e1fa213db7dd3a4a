"""What counts in a list, by who reads it: the member itself, managers of some districts, or everybody."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from services.matching.ranking.arrays import Bools, Floats
from services.matching.ranking.corpus.documents import Documents
from services.matching.ranking.corpus.members import MemberTable


@dataclass(frozen=True)
class ViewerScope:
    """A viewer and what is visible to its readers.

    `near` marks the members whose district-only items are visible, `own` the viewer's documents that count, one entry a
    row, `topics` its topics.
    """

    member: int
    near: Bools
    own: Bools
    topics: Floats


def member_scope(documents: Documents, table: MemberTable, member: int) -> ViewerScope:
    """Scope of the member itself: all of its own, and of others what is open or of a shared district."""
    rows = documents.rows(member)
    return ViewerScope(member, table.neighbours(member), np.ones(rows.stop - rows.start, dtype=np.bool_), table.topics_of(member))


def district_scope(documents: Documents, table: MemberTable, member: int, districts: Collection[str]) -> ViewerScope:
    """Scope of managers of some districts: on both sides what is open, and what is restricted to these districts."""
    near = table.residents(districts)
    own = documents.open[documents.rows(member)] | near[member]
    return ViewerScope(member, near, own, table.topics_of(member) if near[member] else table.open_topics_of(member))
