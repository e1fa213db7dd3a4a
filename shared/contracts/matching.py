"""What matching publishes: interests, and the introductions that mutual interest makes."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.base import DomainEvent, Id, Value
from shared.contracts.human_text import HumanText

Mode = Literal["b2b", "r2b", "f2b"]
DeclineCode = Literal["not-relevant", "not-now", "already-partners", "same-group", "competitor", "other"]
"""Why a member declines, for rules to read; the words beside it are for people."""
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Matched(Value):
    """Two titles that matched: the member's own, the partner's, and the feature they fed."""

    feature: str = Field(max_length=40)
    yours: str = Field(max_length=300)
    theirs: str = Field(max_length=300)


class Evidence(Value):
    """What a member saw when it acted: the rule, the score out of 1, each feature and what it gave, the matched passages."""

    rule: str = Field(max_length=40)
    score: Finite
    contributions: dict[str, Finite]
    features: dict[str, Finite] = Field(default_factory=dict)
    passages: tuple[Matched, ...] = Field(default=(), max_length=10)


class InterestExpressed(DomainEvent):
    TYPE: ClassVar[str] = "matching.interest-expressed.v1"
    mode: Mode
    by: Id
    towards: Id
    evidence: Evidence | None = None


class InterestDeclined(DomainEvent):
    TYPE: ClassVar[str] = "matching.interest-declined.v1"
    mode: Mode
    by: Id
    towards: Id
    reason: Annotated[str, HumanText(1000, lines=True)]
    code: DeclineCode | None = None


class InterestWithdrawn(DomainEvent):
    """An interest is taken back; the other side was never told of it."""

    TYPE: ClassVar[str] = "matching.interest-withdrawn.v1"
    mode: Mode
    by: Id
    towards: Id


class DeclineWithdrawn(DomainEvent):
    """A decline is taken back: the one that declined has said nothing of the other again."""

    TYPE: ClassVar[str] = "matching.decline-withdrawn.v1"
    mode: Mode
    by: Id
    towards: Id


class IntroductionMade(DomainEvent):
    TYPE: ClassVar[str] = "matching.introduction-made.v1"
    mode: Mode
    members: tuple[Id, Id]
