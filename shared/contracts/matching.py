"""What matching publishes: interests, and the introductions that mutual interest makes."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.base import DomainEvent, Id, Value

Mode = Literal["b2b", "r2b", "f2b"]


class Evidence(Value):
    """What a member saw when it acted: the rule, the score out of 1, and what each feature gave."""

    rule: str = Field(max_length=40)
    score: float
    contributions: dict[str, float]


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
    reason: str = Field(min_length=1, max_length=1000)


class IntroductionMade(DomainEvent):
    TYPE: ClassVar[str] = "matching.introduction-made.v1"
    mode: Mode
    members: tuple[Id, Id]
