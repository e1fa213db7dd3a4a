"""Questions to the search engine and its replies, one line of JSON each."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.matching.shortlist.stored import StoredSuggestion
from shared.contracts.base import Language, LocalizedText
from shared.contracts.matching import Mode

LONGEST_LINE = 16_000_000
"""Bytes of a question or a reply: suggestions among a thousand participants are shorter."""


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SupplierQuestion(_Line):
    """Who could supply this? `seeker` is the member that asks; with `by_itself` the members it declined are left out."""

    kind: Literal["supply"] = "supply"
    text: str
    language: Language
    seeker: str | None = None
    by_itself: bool = True
    limit: int


class PartnerQuestion(_Line):
    """Whom should a member meet among `candidates`, without those in `excluded`?

    With `within` it is for managers of these districts: from what is open or restricted to them, without past interactions.
    """

    kind: Literal["among"] = "among"
    member: str
    candidates: frozenset[str]
    excluded: frozenset[str] = frozenset()
    within: frozenset[str] | None = None
    limit: int


Question = Annotated[SupplierQuestion | PartnerQuestion, Field(discriminator="kind")]


class TimedQuestion(_Line):
    """A question with its deadline: `time.monotonic()`, which the processes of one host share."""

    deadline: float
    question: Question


class Supplier(_Line):
    """A possible supplier: the score is the sum of the contributions; `best` quotes the best matching title."""

    partner: str
    score: float
    contributions: dict[str, float]
    features: dict[str, float]
    best: str | None
    reasons: LocalizedText


class Reply(_Line):
    """A reply by what was known at `computed`; or that it cannot be given yet: `unready`."""

    unready: bool = False
    computed: datetime | None = None
    rule: str = ""
    suppliers: tuple[Supplier, ...] = ()
    lists: dict[Mode, tuple[StoredSuggestion, ...]] = {}
