"""Every summary, offer and need of all members as columns, one row a document, the rows of a member adjacent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np
from scipy import sparse

from services.matching.ranking.arrays import Bools, Floats, Ints
from services.matching.ranking.corpus.profile import Member, Need, Offer, is_open
from services.matching.ranking.text.vectorizer import Vocabulary, single_line
from shared.contracts.registry import Nature, Stage

Role = Literal["offer", "need"]

STAGES: tuple[Stage, ...] = get_args(Stage)
NATURES: tuple[Nature, ...] = get_args(Nature)
# A granted right can be licensed today, a filed one most likely.
RIGHTS: Mapping[str | None, float] = {"granted": 1.0, "filed": 0.6}
# Characters of a summary that are quoted.
SUMMARY_LENGTH = 200
# A cosine below .1 is a common word or two.
NOISE = 0.1


class Documents:
    """The documents of `members`. Arrays have one entry a document; NaN where a number is not stated."""

    def __init__(self, members: Sequence[Member], vocabulary: Vocabulary | None = None) -> None:
        rows = [(owner, item) for owner, member in enumerate(members) for item in (None, *member.offers, *member.needs)]
        self.members = members
        self.items: list[Offer | Need | None] = [item for _, item in rows]
        self.owner: Ints = np.array([owner for owner, _ in rows], dtype=np.int64)
        # Every member has a summary row, if an empty one: `np.add.reduceat` needs at least one row a member.
        self.starts: Ints = np.searchsorted(self.owner, np.arange(len(members))).astype(np.int64)
        self.sizes: Ints = np.bincount(self.owner, minlength=len(members)).astype(np.int64)
        self.open: Bools = np.array([item is None or is_open(item.visibility) for item in self.items], dtype=np.bool_)
        self.trl: Floats = np.array([_number(item.trl if item else None) for item in self.items])
        self.rights: Floats = np.array([RIGHTS.get(item.ipr, 0.0) if isinstance(item, Offer) else 0.0 for item in self.items])
        self._masks = {(role, nature): self._mask(role, nature) for role in ("offer", "need") for nature in NATURES}
        self.facilities, self.facilities_needed = self._facilities("offer"), self._facilities("need")
        self._unions: dict[tuple[Role, tuple[Nature, ...]], Bools] = {}
        self.summaries: Bools = np.array([item is None for item in self.items], dtype=np.bool_)
        self._read_capital()
        texts = [_text(members[owner], item) for owner, item in rows]
        self.vocabulary = vocabulary or Vocabulary(texts, self.open)
        self.vectors = self.vocabulary.corpus(texts) if vocabulary else self.vocabulary.vectors
        self._columns = self.vectors.T.tocsr()
        self.capital = self.offers(("capital",)) | self.needs(("capital",))

    def rows(self, owner: int) -> slice:
        """Give the rows of a member's documents."""
        start = int(self.starts[owner])
        return slice(start, start + 1 + len(self.members[owner].offers) + len(self.members[owner].needs))

    def matches(self, rows: slice | Ints) -> Any:
        """Give the cosines above `NOISE` of some documents with all, sparse: one row each, columns in order."""
        cosines = self.vectors[rows] @ self._columns
        significant = cosines.data > NOISE
        before = np.concatenate(([0], np.cumsum(significant)))
        matches = sparse.csr_matrix(
            (cosines.data[significant], cosines.indices[significant], before[cosines.indptr]), shape=cosines.shape
        )
        matches.sort_indices()
        return matches

    def offers(self, natures: Iterable[Nature] = NATURES) -> Bools:
        """Mark the offers of these natures, without facilities."""
        return self._any("offer", natures)

    def needs(self, natures: Iterable[Nature] = NATURES) -> Bools:
        """Mark the needs of these natures, without facilities."""
        return self._any("need", natures)

    def quote(self, row: int) -> str:
        """Give the title of an offer or need, or the beginning of a member's summary in its place."""
        item = self.items[row]
        return item.title if item else single_line(self.members[int(self.owner[row])].summary, SUMMARY_LENGTH)

    def _any(self, role: Role, natures: Iterable[Nature]) -> Bools:
        key = (role, tuple(natures))
        if key not in self._unions:
            self._unions[key] = np.logical_or.reduce([self._masks[role, nature] for nature in key[1]])
        return self._unions[key]

    def _mask(self, role: Role, nature: Nature) -> Bools:
        kind = Offer if role == "offer" else Need
        return np.array(
            [isinstance(item, kind) and item.nature == nature and not item.facility for item in self.items], dtype=np.bool_
        )

    def _facilities(self, role: Role) -> Bools:
        kind = Offer if role == "offer" else Need
        return np.array([isinstance(item, kind) and item.facility for item in self.items], dtype=np.bool_)

    def _read_capital(self) -> None:
        """Lay out tickets (`stages` is documents x stages) and rounds (`stage` is -1 when not stated)."""
        tickets = [item.ticket if isinstance(item, Offer) else None for item in self.items]
        rounds = [item.round if isinstance(item, Need) else None for item in self.items]
        stages = [[stage in ticket.stages if ticket else False for stage in STAGES] for ticket in tickets]
        self.stages: Bools = np.array(stages, dtype=np.bool_).reshape(len(tickets), len(STAGES))
        # Padded with an empty column on each side, so that every stage has two adjacent ones.
        self.padded_stages: Bools = np.pad(self.stages, ((0, 0), (1, 1)))
        self.minimum: Floats = np.array([_number(ticket.minimum if ticket else None) for ticket in tickets])
        self.maximum: Floats = np.array([_number(ticket.maximum if ticket else None) for ticket in tickets])
        self.stage: Ints = np.array(
            [STAGES.index(terms.stage) if terms and terms.stage else -1 for terms in rounds], dtype=np.int64
        )
        self.amount: Floats = np.array([_number(terms.amount if terms else None) for terms in rounds])


def _number(value: int | None) -> float:
    return float("nan") if value is None else float(value)


def _text(member: Member, item: Offer | Need | None) -> tuple[str, str]:
    """Give a document's words and their language."""
    return (f"{item.title}\n{item.text}", item.language) if item else (member.summary, member.language)
