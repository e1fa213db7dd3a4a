"""Searches for suppliers as they are sent and answered."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from shared.chassis.http.answers import Answer
from shared.contracts.base import Id, Instant, Language
from shared.contracts.human_text import HumanText
from shared.contracts.matching import Mode

Limit = Annotated[int, Query(ge=1, le=50, description="How many at most.")]


class SearchRequest(BaseModel):
    """What is searched for, in words; and the member that searches, where it is one."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, HumanText(10_000, least=3, lines=True)]
    language: Language = "it"
    member: Id | None = None


class SupplierAnswer(Answer):
    """A possible supplier, with its evidence; `modes` are those in which the seeker can express interest.

    `score` is the sum of the `contributions`, on another scale than that of suggestions.
    """

    model_config = ConfigDict(serialize_by_alias=True)
    partner: str
    score: float
    contributions: dict[str, float]
    features: dict[str, float]
    best: str | None
    reasons: str = Field(serialization_alias="why")
    name: str
    modes: list[Mode]


class SearchAnswer(Answer):
    """Possible suppliers, best first."""

    member: str | None
    rule: str
    computed: Instant | None
    answers: list[SupplierAnswer]


class NeedAnswer(SearchAnswer):
    """Possible suppliers for a need, best first."""

    need: str
