"""The effect of past interactions on a member's list."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.ranking import Interaction, ShortlistIndex, total
from services.matching.ranking.explain.recompute import contributions_of
from services.matching.ranking.rules.past_interactions import EXCLUDING_DECLINES, LOWERING_DECLINES, OUTCOMES, PENALTIES
from shared.contracts.matching import DeclineCode
from tests.matching.ranking.factories import firm, members, need, offer

MAKER, USER = firm("a", offers=(offer("Laser cutting of marble"),)), firm("b", needs=(need("Laser cutting of slabs"),))


def seen(*interactions, viewer="a"):
    """The suggestion of the partner after these interactions, if any."""
    suggestions = ShortlistIndex([MAKER, USER], interactions=interactions).shortlist(viewer)["b2b"]
    return suggestions[0] if suggestions else None


def score(*interactions, viewer="a"):
    return seen(*interactions, viewer=viewer).score


@pytest.mark.parametrize("code", sorted(EXCLUDING_DECLINES))
def test_a_decline_for_good_removes_the_partner_from_the_list_of_who_declined(code):
    assert seen(Interaction("a", "b", declined=code)) is None
    assert ShortlistIndex([MAKER, USER], interactions=[Interaction("a", "b", declined=code)]).explain("a", "b") is None


@pytest.mark.parametrize("code", sorted(LOWERING_DECLINES))
def test_a_decline_for_now_lowers_the_partner_with_an_explanation(code):
    lowered = seen(Interaction("a", "b", declined=code))
    assert 0 < lowered.score < score()
    assert lowered.contributions["put_off"] == pytest.approx(PENALTIES["put_off"] * score(), abs=1e-6)
    assert "not the time" in lowered.shortcomings.en
    assert "non è il momento" in lowered.shortcomings.it


def test_every_reason_there_is_either_excludes_or_lowers():
    assert set(get_args(DeclineCode)) == EXCLUDING_DECLINES | LOWERING_DECLINES
    assert not EXCLUDING_DECLINES & LOWERING_DECLINES


def test_who_was_introduced_or_is_to_meet_is_lowered_and_a_held_meeting_raises():
    arranged, held = Interaction("a", "b", arranged=True), Interaction("a", "b", arranged=True, outcomes=(None,))
    assert score(arranged) < score() < score(held)
    assert "You know each other" in seen(arranged).shortcomings.en
    assert "Meet, and say" in seen(arranged).advice.en
    assert "met_before" not in seen(held).features
    assert "You have met once" in seen(held).reasons.en
    assert "Vi siete già incontrati una volta" in seen(held).reasons.it


def test_a_better_outcome_raises_more_and_the_outcome_nothing_cancels_the_meeting():
    by_outcome = {outcome: score(Interaction("a", "b", arranged=True, outcomes=(outcome,))) for outcome in OUTCOMES}
    assert by_outcome["joint-project"] > by_outcome["nda"] > score(Interaction("a", "b", arranged=True, outcomes=(None,)))
    assert by_outcome["nothing"] == score(Interaction("a", "b", arranged=True))


def test_outcomes_of_meetings_make_a_candidate_of_a_member_with_nothing_else_in_common():
    members = [firm("a"), firm("b")]
    (suggestion,) = ShortlistIndex(members, interactions=[Interaction("a", "b", outcomes=("agreement",))]).shortlist("a")["b2b"]
    assert suggestion.contributions["together"] == suggestion.score > 0


codes = st.none() | st.sampled_from(get_args(DeclineCode))
outcomes = st.lists(st.none() | st.sampled_from(sorted(OUTCOMES)), max_size=3).map(tuple)


@settings(max_examples=30, deadline=None)
@given(members(), codes, st.booleans(), outcomes)
def test_what_one_side_says_or_knows_changes_nothing_for_anybody_else(group, code, arranged, recorded):
    """So neither a decline nor an outcome can be read off a list, a score or a place by the other side or a third."""
    interaction = Interaction("m0", group[-1].id, code, arranged, recorded)
    before, after = ShortlistIndex(group), ShortlistIndex(group, interactions=[interaction])
    for member in group[1:]:
        assert after.shortlist(member.id) == before.shortlist(member.id)


@settings(max_examples=30, deadline=None)
@given(members(), codes, st.booleans(), outcomes)
def test_with_any_interaction_scores_are_the_sum_of_recomputed_contributions(group, code, arranged, recorded):
    index = ShortlistIndex(group, interactions=[Interaction("m0", partner.id, code, arranged, recorded) for partner in group[1:]])
    for lists in index.shortlist("m0").values():
        assert lists == sorted(lists, key=lambda suggestion: (-suggestion.score, suggestion.partner))
        for suggestion in lists:
            assert 0 < suggestion.score <= 1
            assert contributions_of(suggestion.rule, suggestion.features) == suggestion.contributions
            assert total(suggestion.contributions) == suggestion.score
            assert index.explain("m0", suggestion.partner) == suggestion


def test_a_pair_alone_is_explained_as_among_all_with_the_same_snapshot():
    maker = firm("a", offers=(offer("Laser machines for marble, yacht parts and turbine blades"),))
    unrelated = [firm(f"x{number}", offers=(offer(f"Laser {word}"),)) for number, word in enumerate(("loom", "hull", "turbine"))]
    index = ShortlistIndex([maker, USER, *unrelated])
    alone = ShortlistIndex([maker, USER], snapshot=index.snapshot)
    assert alone.explain("b", "a") == index.explain("b", "a")
    assert alone.explain("b", "a") != ShortlistIndex([maker, USER]).explain("b", "a")
