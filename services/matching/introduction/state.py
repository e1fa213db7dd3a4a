"""The state of an introduction, and how domain events evolve it."""

from dataclasses import dataclass, replace

from shared.chassis.documents import parse
from shared.contracts.base import DomainEvent
from shared.contracts.matching import (
    DeclineCode,
    DeclineWithdrawn,
    InterestDeclined,
    InterestExpressed,
    InterestWithdrawn,
    IntroductionMade,
    Mode,
)


@dataclass(frozen=True)
class MatchedTitles:
    """Two titles that matched, and the feature they contributed to."""

    feature: str
    yours: str
    theirs: str


@dataclass(frozen=True)
class ShownEvidence:
    """The suggestion that a member saw when it expressed interest."""

    rule: str
    score: float
    contributions: dict[str, float]
    features: dict[str, float]
    passages: tuple[MatchedTitles, ...]


@dataclass(frozen=True)
class Stand:
    """What one side stated: interested, or not with the reason; and the evidence it acted on."""

    interested: bool
    reason: str | None = None
    code: DeclineCode | None = None
    evidence: ShownEvidence | None = None


@dataclass(frozen=True)
class Introduction:
    """Two members and, by member, what each stated of the other."""

    mode: Mode
    members: tuple[str, ...]
    stands: dict[str, Stand]
    introduced: bool = False


def evolve(state: Introduction | None, event: DomainEvent) -> Introduction:
    """Apply an event to an introduction."""
    if isinstance(event, IntroductionMade):
        assert state is not None, "an introduction follows two interests"
        return replace(state, introduced=True)
    if isinstance(event, InterestWithdrawn | DeclineWithdrawn):
        assert state is not None, "a withdrawal follows an interest or a decline"
        return replace(state, stands={member: stand for member, stand in state.stands.items() if member != event.by})
    assert isinstance(event, InterestExpressed | InterestDeclined)
    before = state or Introduction(event.mode, tuple(sorted((event.by, event.towards))), {})
    return replace(before, stands={**before.stands, event.by: _stand(event)})


def _stand(event: InterestExpressed | InterestDeclined) -> Stand:
    if isinstance(event, InterestDeclined):
        return Stand(interested=False, reason=event.reason, code=event.code)
    return Stand(interested=True, evidence=parse(ShownEvidence, event.evidence.model_dump()) if event.evidence else None)
