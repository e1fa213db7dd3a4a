"""The state of an introduction."""

from services.matching.introduction.aggregate import INTRODUCTION
from services.matching.introduction.state import Introduction, Stand, evolve
from shared.contracts.matching import Evidence, InterestDeclined, InterestExpressed, InterestWithdrawn, IntroductionMade, Matched

EVIDENCE = Evidence(
    rule="b2b-3", score=0.5, contributions={"topics": 0.5}, passages=(Matched(feature="their_offer", yours="x", theirs="y"),)
)
INTEREST = InterestExpressed(mode="b2b", by="b", towards="a", evidence=EVIDENCE)


def test_stands_are_by_member_and_keep_the_evidence() -> None:
    state = evolve(None, INTEREST)
    assert state.members == ("a", "b")
    evidence = state.stands["b"].evidence
    assert evidence is not None
    assert (evidence.score, evidence.passages[0].theirs) == (0.5, "y")
    declined = evolve(state, InterestDeclined(mode="b2b", by="a", towards="b", reason="no", code="not-now"))
    assert declined.stands["a"] == Stand(interested=False, reason="no", code="not-now")


def test_a_withdrawal_removes_the_stand_and_an_introduction_keeps_both() -> None:
    state = evolve(None, INTEREST)
    assert evolve(state, InterestWithdrawn(mode="b2b", by="b", towards="a")).stands == {}
    assert evolve(state, IntroductionMade(mode="b2b", members=("a", "b"))).introduced


def test_a_state_is_read_as_it_was_written() -> None:
    state = evolve(None, INTEREST)
    document = {"_id": "i", "version": 1, "evolve": 1, "changed": None, "state": INTRODUCTION.dump(state)}
    assert INTRODUCTION.read(document).state == state
    assert isinstance(INTRODUCTION.read(document).state, Introduction)
