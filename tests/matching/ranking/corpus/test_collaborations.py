"""What collaborations say about who has worked with whom."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.ranking.corpus.collaborations import FULL_EXPERIENCE, Collaboration, CollaborationHistory

POSITION = {"a": 0, "b": 1, "c": 2, "d": 3}


def history(*groups: str) -> CollaborationHistory:
    """Make a history of collaborations, each written as the letters of its members."""
    return CollaborationHistory([Collaboration(f"w{n}", tuple(group), f"W {n}") for n, group in enumerate(groups)], POSITION)


def test_members_without_a_position_are_left_out_and_one_listed_twice_counts_once():
    assert history("axa", "bc").incidence.toarray().tolist() == [[1, 0, 0, 0], [0, 1, 1, 0]]


def test_rows_of_unknown_collaborations_are_skipped():
    assert history("ab", "cd").rows(["w1", "gone", "w0"]).tolist() == [1, 0]


def test_shared_collaborations_add_up_their_weights_and_nobody_shares_with_itself():
    past = history("abc", "ab", "cd")
    assert past.shared_with(0, np.array([1.0, 1.0, 1.0])).tolist() == [0, 2, 1, 0]
    assert past.shared_with(0, np.array([0.5, 2.0, 9.0])).tolist() == [0, 2.5, 0.5, 0]
    assert history("ab").shared_with(3, np.ones(1)).tolist() == [0, 0, 0, 0]


def test_experience_grows_from_none_to_full():
    experience = history(*["a"] * FULL_EXPERIENCE, *["b"] * (FULL_EXPERIENCE + 5), "c").experience()
    assert experience.tolist() == pytest.approx([1.0, 1.0, np.log(2) / np.log(FULL_EXPERIENCE + 1), 0.0])


def test_partners_of_partners_are_reached_over_one_member_in_between():
    past = history("ab", "bc")
    partners = past.shared_with(0, np.ones(2))
    reached = past.partners_of_partners(partners, np.ones(2))
    assert reached[2] > 0, "c worked with b, who worked with a"
    assert reached[3] == 0, "d worked with nobody"


def test_a_large_collaboration_passes_less_on_than_a_small_one():
    small, large = history("ab", "bc"), history("ab", "bcd")
    of_c = [past.partners_of_partners(past.shared_with(0, np.ones(2)), np.ones(2))[2] for past in (small, large)]
    assert of_c[0] > of_c[1] > 0


@settings(max_examples=30)
@given(st.lists(st.text("abcd", min_size=1, max_size=4), max_size=6))
def test_sharing_is_mutual(groups: list[str]):
    past = history(*groups)
    weights = np.ones(len(groups))
    shared = np.array([past.shared_with(member, weights) for member in range(len(POSITION))])
    assert (shared == shared.T).all()
    assert not shared.diagonal().any()


HISTORY = CollaborationHistory(
    [Collaboration("p1", ("a", "b", "elsewhere"), "Laser"), Collaboration("p2", ("b", "c"), "Wool")],
    {"a": 0, "b": 1, "c": 2, "d": 3},
)


EQUAL = np.ones(2)


def test_shared_collaborations_are_counted_by_their_weights() -> None:
    assert HISTORY.shared_with(1, EQUAL).tolist() == [1.0, 0.0, 1.0, 0.0]
    assert HISTORY.shared_with(1, np.array([0.0, 0.5])).tolist() == [0.0, 0.0, 0.5, 0.0]
    assert not HISTORY.shared_with(3, EQUAL).any()


def test_partners_of_partners_are_reached_in_two_steps() -> None:
    reached = HISTORY.partners_of_partners(HISTORY.shared_with(0, EQUAL), EQUAL)
    assert reached[2] > 0
    assert reached[3] == 0


def test_experience_is_full_from_a_number_of_collaborations_on() -> None:
    collaborations = [Collaboration(f"p{number}", ("a",), "x") for number in range(FULL_EXPERIENCE + 1)]
    assert CollaborationHistory(collaborations, {"a": 0, "b": 1}).experience().tolist() == [1.0, 0.0]


def test_unknown_collaborations_have_no_row() -> None:
    assert HISTORY.rows(["p2", "unknown"]).tolist() == [1]
