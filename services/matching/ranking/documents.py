"""Every summary, offer and need of all members as columns, one row a document, the rows of a member together."""

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from services.matching.ranking.profile import Member, Offering, Seeking, is_open
from services.matching.ranking.text import shortened, vectors
from shared.contracts.registry import Nature, Stage

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Role = Literal["offer", "need"]

STAGES: tuple[Stage, ...] = get_args(Stage)
NATURES: tuple[Nature, ...] = get_args(Nature)
OPENING = 200


class Documents:
    """The documents of `members`. Arrays have one entry a document; NaN where a number is not stated."""

    def __init__(self, members: Sequence[Member]) -> None:
        rows = [(owner, item) for owner, member in enumerate(members) for item in (None, *member.offers, *member.needs)]
        self.members = members
        self.items: list[Offering | Seeking | None] = [item for _, item in rows]
        self.owner: Ints = np.array([owner for owner, _ in rows], dtype=np.int64)
        # A member has a summary, if an empty one: so no member is without a row, as `np.add.reduceat` asks.
        self.starts: Ints = np.searchsorted(self.owner, np.arange(len(members))).astype(np.int64)
        self.open: Bools = np.array([item is None or is_open(item.visibility) for item in self.items], dtype=np.bool_)
        self.trl: Floats = np.array([_number(item.trl if item else None) for item in self.items])
        self._masks = {(role, nature): self._mask(role, nature) for role in ("offer", "need") for nature in NATURES}
        self.summaries: Bools = np.array([item is None for item in self.items], dtype=np.bool_)
        self._read_capital()
        self.vectors = vectors([_text(members[owner], item) for owner, item in rows], self.open)
        self.columns = self.vectors.T.tocsr()

    def rows(self, owner: int) -> slice:
        """Say which rows are a member's."""
        start = int(self.starts[owner])
        return slice(start, start + 1 + len(self.members[owner].offers) + len(self.members[owner].needs))

    def offers(self, natures: Iterable[Nature] = NATURES) -> Bools:
        """Mark the offers of these natures."""
        return self._any("offer", natures)

    def needs(self, natures: Iterable[Nature] = NATURES) -> Bools:
        """Mark the needs of these natures."""
        return self._any("need", natures)

    def quote(self, row: int) -> str:
        """Give the title of an offer or need, or the beginning of a member's summary in its place."""
        item = self.items[row]
        return item.title if item else shortened(self.members[int(self.owner[row])].summary, OPENING)

    def _any(self, role: Role, natures: Iterable[Nature]) -> Bools:
        mask: Bools = np.logical_or.reduce([self._masks[role, nature] for nature in natures])
        return mask

    def _mask(self, role: Role, nature: Nature) -> Bools:
        kind = Offering if role == "offer" else Seeking
        return np.array([isinstance(item, kind) and item.nature == nature for item in self.items], dtype=np.bool_)

    def _read_capital(self) -> None:
        """Lay out tickets (`stages` is documents x stages) and rounds (`stage` is -1 when not stated)."""
        tickets = [item.ticket if isinstance(item, Offering) else None for item in self.items]
        rounds = [item.round if isinstance(item, Seeking) else None for item in self.items]
        stages = [[stage in ticket.stages if ticket else False for stage in STAGES] for ticket in tickets]
        self.stages: Bools = np.array(stages, dtype=np.bool_).reshape(len(tickets), len(STAGES))
        self.minimum: Floats = np.array([_number(ticket.minimum if ticket else None) for ticket in tickets])
        self.maximum: Floats = np.array([_number(ticket.maximum if ticket else None) for ticket in tickets])
        self.stage: Ints = np.array(
            [STAGES.index(sought.stage) if sought and sought.stage else -1 for sought in rounds], dtype=np.int64
        )
        self.amount: Floats = np.array([_number(sought.amount if sought else None) for sought in rounds])


def _number(value: int | None) -> float:
    return float("nan") if value is None else float(value)


def _text(member: Member, item: Offering | Seeking | None) -> tuple[str, str]:
    """Give a document's words and their language."""
    return (f"{item.title}\n{item.text}", item.language) if item else (member.summary, member.language)
