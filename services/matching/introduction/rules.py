"""The rules of interest and introduction. Pure: no clock, no store, no randomness."""

from collections.abc import Sequence
from typing import Any, TypedDict

from shared.chassis.errors import Refusal
from shared.chassis.ids import computed_id
from shared.contracts.base import DomainEvent
from shared.contracts.matching import (
    DeclineCode,
    DeclineWithdrawn,
    Evidence,
    InterestDeclined,
    InterestExpressed,
    InterestWithdrawn,
    IntroductionMade,
    Mode,
)


class Stand(TypedDict):
    """What one side has said: interested, or not and why; and the evidence it acted on."""

    interested: bool
    reason: str | None
    code: DeclineCode | None
    evidence: dict[str, Any] | None


class Introduction(TypedDict):
    mode: Mode
    members: list[str]
    stands: dict[str, Stand]
    introduced: bool


def introduction_id(mode: Mode, one: str, other: str) -> str:
    """Compute the id both sides agree on: the mode and the sorted pair."""
    return computed_id("introduction", mode, *sorted((one, other)))


def express(state: Introduction | None, mode: Mode, by: str, towards: str, evidence: Evidence | None) -> Sequence[DomainEvent]:
    """Say that `by` is interested in `towards`. When both are, they are introduced. Saying it twice changes nothing."""
    _two_sides(by, towards)
    stands = state["stands"] if state else {}
    if by in stands and stands[by]["interested"]:
        return []
    expressed = InterestExpressed(mode=mode, by=by, towards=towards, evidence=evidence)
    if towards in stands and stands[towards]["interested"]:
        first, second = sorted((by, towards))
        return [expressed, IntroductionMade(mode=mode, members=(first, second))]
    return [expressed]


def decline(
    state: Introduction | None, mode: Mode, by: str, towards: str, reason: str, code: DeclineCode | None = None
) -> Sequence[DomainEvent]:
    """Say that `by` is not interested, with the reason in words and its code, if it has one. Not after an introduction.

    The same again changes nothing.
    """
    _two_sides(by, towards)
    _before_introduction(state)
    said = state["stands"].get(by) if state else None
    if said and (said["interested"], said["reason"], said["code"]) == (False, reason, code):
        return []
    return [InterestDeclined(mode=mode, by=by, towards=towards, reason=reason, code=code)]


def withdraw(state: Introduction | None, mode: Mode, by: str, towards: str) -> Sequence[DomainEvent]:
    """Take back what `by` said of `towards`, its interest or its decline. After an introduction it is too late."""
    _two_sides(by, towards)
    if state is None or by not in state["stands"]:
        raise Refusal(
            "nothing-said",
            it="Non c'è nulla da ritirare: questo membro non si è espresso sull'altro.",
            en="There is nothing to take back: this member has said nothing of the other.",
        )
    _before_introduction(state)
    kind = InterestWithdrawn if state["stands"][by]["interested"] else DeclineWithdrawn
    return [kind(mode=mode, by=by, towards=towards)]


def evolve(state: Introduction | None, event: DomainEvent) -> Introduction:
    """Fold an event of an introduction."""
    if isinstance(event, IntroductionMade):
        assert state is not None, "an introduction follows two interests"
        return {**state, "introduced": True}
    if isinstance(event, InterestWithdrawn | DeclineWithdrawn):
        assert state is not None, "what is taken back was said"
        return {**state, "stands": {member: stand for member, stand in state["stands"].items() if member != event.by}}
    assert isinstance(event, InterestExpressed | InterestDeclined)
    begun: Introduction = state or {
        "mode": event.mode,
        "members": sorted((event.by, event.towards)),
        "stands": {},
        "introduced": False,
    }
    return {**begun, "stands": {**begun["stands"], event.by: _stand(event)}}


def _two_sides(by: str, towards: str) -> None:
    if by == towards:
        raise Refusal("own-interest", it="Non ci si può presentare a se stessi.", en="A member cannot be introduced to itself.")


def _before_introduction(state: Introduction | None) -> None:
    if state is not None and state["introduced"]:
        raise Refusal("introduced-already", it="La presentazione è già avvenuta.", en="The introduction has already been made.")


def _stand(event: InterestExpressed | InterestDeclined) -> Stand:
    if isinstance(event, InterestDeclined):
        return {"interested": False, "reason": event.reason, "code": event.code, "evidence": None}
    return {"interested": True, "reason": None, "code": None, "evidence": event.evidence.model_dump() if event.evidence else None}
