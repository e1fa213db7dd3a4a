"""The rules of interests and introductions. Pure: no clock, no store, no randomness."""

from collections.abc import Sequence

from services.matching.introduction.state import Introduction
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


def introduction_id(mode: Mode, member: str, partner: str) -> str:
    """Compute the id both sides agree on: the mode and the sorted pair."""
    return computed_id("introduction", mode, *sorted((member, partner)))


def express(state: Introduction | None, mode: Mode, by: str, towards: str, evidence: Evidence | None) -> Sequence[DomainEvent]:
    """Express interest of `by` in `towards`. When both are interested, they are introduced. A repetition changes nothing."""
    _check_different(by, towards)
    stands = state.stands if state else {}
    if by in stands and stands[by].interested:
        return []
    expressed = InterestExpressed(mode=mode, by=by, towards=towards, evidence=evidence)
    if towards in stands and stands[towards].interested:
        first, second = sorted((by, towards))
        return [expressed, IntroductionMade(mode=mode, members=(first, second))]
    return [expressed]


def decline(
    state: Introduction | None, mode: Mode, by: str, towards: str, reason: str, code: DeclineCode | None = None
) -> Sequence[DomainEvent]:
    """Decline `towards`, with the reason in words and its code, if it has one. Not after an introduction.

    A repetition changes nothing.
    """
    _check_different(by, towards)
    _check_not_introduced(state)
    stand = state.stands.get(by) if state else None
    if stand and (stand.interested, stand.reason, stand.code) == (False, reason, code):
        return []
    return [InterestDeclined(mode=mode, by=by, towards=towards, reason=reason, code=code)]


def withdraw(state: Introduction | None, mode: Mode, by: str, towards: str) -> Sequence[DomainEvent]:
    """Withdraw the interest or the decline of `by`. Not after an introduction."""
    _check_different(by, towards)
    if state is None or by not in state.stands:
        raise Refusal("nothing-said")
    _check_not_introduced(state)
    kind = InterestWithdrawn if state.stands[by].interested else DeclineWithdrawn
    return [kind(mode=mode, by=by, towards=towards)]


def _check_different(by: str, towards: str) -> None:
    if by == towards:
        raise Refusal("own-interest")


def _check_not_introduced(state: Introduction | None) -> None:
    if state is not None and state.introduced:
        raise Refusal("introduced-already")
