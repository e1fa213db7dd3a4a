"""What collaborations say about who has worked with whom."""

import numpy as np

from services.matching.ranking import Collaboration
from services.matching.ranking.corpus.collaborations import FULL_EXPERIENCE, CollaborationHistory

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
