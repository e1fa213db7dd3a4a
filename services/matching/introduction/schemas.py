"""Interests and declines as they are sent, introductions as they are answered."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from services.matching.introduction.state import Introduction
from shared.chassis.http.answers import Answer
from shared.chassis.writes.aggregate import Stored
from shared.contracts.base import Id
from shared.contracts.human_text import HumanText
from shared.contracts.matching import DeclineCode, Mode


class Interest(BaseModel):
    """Interest of a member in another, also to withdraw it or a decline."""

    model_config = ConfigDict(extra="forbid")
    mode: Mode
    by: Id
    towards: Id


class Decline(Interest):
    """A decline, with the reason in words, and its code where one fits: the ranking uses that.

    The reason is kept for ever: it names no person.
    """

    reason: Annotated[str, HumanText(1000, lines=True)]
    code: DeclineCode | None = None


class MatchedTitlesAnswer(Answer):
    """Two titles that matched, and the feature they contributed to."""

    feature: str
    yours: str
    theirs: str


class EvidenceAnswer(Answer):
    """The suggestion that the member saw when it expressed interest."""

    rule: str
    score: float
    contributions: dict[str, float]
    features: dict[str, float]
    passages: list[MatchedTitlesAnswer]


class OwnStand(Answer):
    """What the member itself stated."""

    interested: bool
    reason: str | None
    code: DeclineCode | None
    evidence: EvidenceAnswer | None


class PartnerStand(Answer):
    """What is shown of the other side, once both are interested."""

    interested: bool


class IntroductionAnswer(Answer):
    """An introduction as one side may see it: its own stand whole, that of the other only once both are interested."""

    id: str
    mode: Mode
    members: list[str]
    stands: dict[str, OwnStand | PartnerStand]
    introduced: bool


def introduction_seen_by(stored: Stored[Introduction], viewer: str) -> IntroductionAnswer:
    """Show an introduction to one of its sides; to others as if neither stand were theirs."""
    state = stored.state
    stands = {
        member: OwnStand.model_validate(stand) if member == viewer else PartnerStand(interested=stand.interested)
        for member, stand in state.stands.items()
        if member == viewer or state.introduced
    }
    return IntroductionAnswer(
        id=stored.id, mode=state.mode, members=list(state.members), stands=stands, introduced=state.introduced
    )
