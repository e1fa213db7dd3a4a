"""The rules of introductions, pure."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.introduction import rules
from services.matching.introduction.state import Introduction, evolve
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.matching import DeclineWithdrawn, InterestWithdrawn, IntroductionMade


def fold(state: Introduction | None, events: Sequence[DomainEvent]) -> Introduction | None:
    for event in events:
        state = evolve(state, event)
    return state


def test_mutual_interest_makes_an_introduction_whoever_comes_first() -> None:
    expressed = rules.express(None, "b2b", "a", "b", None)
    second = rules.express(fold(None, expressed), "b2b", "b", "a", None)
    assert isinstance(second[-1], IntroductionMade)
    assert second[-1].members == ("a", "b")
    assert rules.introduction_id("b2b", "a", "b") == rules.introduction_id("b2b", "b", "a")


def test_a_repeated_interest_changes_nothing_and_a_decline_comes_too_late() -> None:
    state = fold(None, rules.express(None, "r2b", "a", "b", None))
    assert rules.express(state, "r2b", "a", "b", None) == []
    state = fold(state, rules.express(state, "r2b", "b", "a", None))
    with pytest.raises(Refusal, match="introduced-already"):
        rules.decline(state, "r2b", "a", "b", "no time")


def test_the_same_decline_again_changes_nothing_and_another_reason_does() -> None:
    state = fold(None, rules.decline(None, "b2b", "a", "b", "no time", "not-now"))
    assert rules.decline(state, "b2b", "a", "b", "no time", "not-now") == []
    assert len(rules.decline(state, "b2b", "a", "b", "no time")) == 1
    assert len(rules.decline(state, "b2b", "b", "a", "no time", "not-now")) == 1


def test_nobody_expresses_or_declines_interest_in_itself() -> None:
    with pytest.raises(Refusal, match="own-interest"):
        rules.express(None, "b2b", "a", "a", None)
    with pytest.raises(Refusal, match="own-interest"):
        rules.decline(None, "b2b", "a", "a", "why")


def test_an_interest_or_a_decline_can_be_withdrawn_until_the_introduction() -> None:
    interested = fold(None, rules.express(None, "b2b", "a", "b", None))
    withdrawal = rules.withdraw(interested, "b2b", "a", "b")
    assert withdrawal == [InterestWithdrawn(mode="b2b", by="a", towards="b")]
    withdrawn = fold(interested, withdrawal)
    assert withdrawn is not None
    assert withdrawn.stands == {}
    assert len(rules.express(withdrawn, "b2b", "b", "a", None)) == 1, "a withdrawn interest introduces nobody"

    declined = fold(None, rules.decline(None, "b2b", "b", "a", "no time"))
    assert rules.withdraw(declined, "b2b", "b", "a") == [DeclineWithdrawn(mode="b2b", by="b", towards="a")]


@pytest.mark.parametrize("before", [None, fold(None, rules.express(None, "b2b", "b", "a", None))])
def test_only_an_interest_or_a_decline_can_be_withdrawn(before: Introduction | None) -> None:
    with pytest.raises(Refusal, match="nothing-said"):
        rules.withdraw(before, "b2b", "a", "b")


def test_an_introduction_cannot_be_withdrawn() -> None:
    state = fold(None, rules.express(None, "b2b", "a", "b", None))
    state = fold(state, rules.express(state, "b2b", "b", "a", None))
    with pytest.raises(Refusal, match="introduced-already"):
        rules.withdraw(state, "b2b", "a", "b")


@given(
    st.lists(st.tuples(st.sampled_from(["express", "decline", "withdraw"]), st.sampled_from([("a", "b"), ("b", "a")])), max_size=12)
)
def test_any_commands_introduce_at_most_once_and_only_after_both(commands: list[tuple[str, tuple[str, str]]]) -> None:
    state: Introduction | None = None
    events: list[DomainEvent] = []
    for name, (by, towards) in commands:
        rule: Any = getattr(rules, name)
        last: tuple[Any, ...] = {"express": (None,), "decline": ("why",), "withdraw": ()}[name]
        try:
            emitted = rule(state, "b2b", by, towards, *last)
        except Refusal:
            continue
        events += emitted
        state = fold(state, emitted)
    made = [event for event in events if isinstance(event, IntroductionMade)]
    assert len(made) <= 1
    assert fold(None, events) == state
    if made:
        assert state is not None
        assert all(stand.interested for stand in state.stands.values())
