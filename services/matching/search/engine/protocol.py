"""What the answering process is asked and what it says, one line of JSON each."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.base import Language, LocalizedText
from shared.contracts.matching import Mode

LONGEST_LINE = 16_000_000
"""Bytes of a question or a reply: suggestions among a thousand participants stay below it."""


class Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Supply(Plain):
    """Who could supply this? `seeker` is who asks, where that is a member; it alone has those left out whom it declined."""

    kind: Literal["supply"] = "supply"
    text: str
    language: Language
    seeker: str | None = None
    by_itself: bool = True
    limit: int


class Among(Plain):
    """Whom should a member meet among these, leaving those `without` out?

    `within` some districts it is for others to see: of what is open or kept to these, and nothing of what it dealt.
    """

    kind: Literal["among"] = "among"
    member: str
    others: frozenset[str]
    without: frozenset[str] = frozenset()
    within: frozenset[str] | None = None
    limit: int


Question = Annotated[Supply | Among, Field(discriminator="kind")]


class Asked(Plain):
    """A question, and until when its answer is waited for: `time.monotonic()`, which the processes of one host share."""

    until: float
    question: Question


class Supplier(Plain):
    """A member that could supply it: the score is the sum of the contributions; `best` quotes what matched best."""

    partner: str
    score: float
    contributions: dict[str, float]
    features: dict[str, float]
    best: str | None
    why: LocalizedText


class Reply(Plain):
    """An answer by what was known at `computed`; or that it is not known yet: `unready`."""

    unready: bool = False
    computed: datetime | None = None
    rule: str = ""
    suppliers: tuple[Supplier, ...] = ()
    lists: dict[Mode, list[dict[str, Any]]] = {}
