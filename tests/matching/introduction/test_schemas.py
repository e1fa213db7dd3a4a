"""An introduction as its sides see it: the stand of the other side is hidden until both are interested."""

from datetime import UTC, datetime

from services.matching.introduction.schemas import OwnStand, PartnerStand, introduction_seen_by
from services.matching.introduction.state import Introduction, evolve
from shared.chassis.writes.aggregate import Stored
from shared.contracts.base import DomainEvent
from shared.contracts.matching import InterestDeclined, InterestExpressed, IntroductionMade
from tests.matching.introduction.test_state import EVIDENCE, INTEREST

BACK = InterestExpressed(mode="b2b", by="a", towards="b")
DECLINE = InterestDeclined(mode="b2b", by="a", towards="b", reason="No time", code="not-now")
MADE = IntroductionMade(mode="b2b", members=("a", "b"))


def stored(*events: DomainEvent) -> Stored[Introduction]:
    state = None
    for event in events:
        state = evolve(state, event)
    assert state is not None
    return Stored("i", len(events), state, 1, datetime(2026, 11, 22, tzinfo=UTC))


def test_an_interest_is_shown_whole_to_who_expressed_it_and_not_at_all_to_the_other_side() -> None:
    own = introduction_seen_by(stored(INTEREST), "b").stands["b"]
    assert isinstance(own, OwnStand)
    assert own.evidence is not None
    assert (own.interested, own.evidence.score, own.evidence.passages[0].theirs) == (True, EVIDENCE.score, "y")
    for viewer in ("a", "c", ""):
        assert introduction_seen_by(stored(INTEREST), viewer).stands == {}


def test_a_decline_is_shown_to_its_author_alone() -> None:
    declined = stored(INTEREST, DECLINE)
    assert introduction_seen_by(declined, "a").stands == {
        "a": OwnStand(interested=False, reason="No time", code="not-now", evidence=None)
    }
    assert introduction_seen_by(declined, "b").stands.keys() == {"b"}


def test_once_it_is_made_each_side_sees_that_the_other_is_interested_and_no_more() -> None:
    made = stored(INTEREST, BACK, MADE)
    seen = introduction_seen_by(made, "a")
    assert (seen.introduced, seen.members) == (True, ["a", "b"])
    assert seen.stands["b"] == PartnerStand(interested=True)
    assert isinstance(introduction_seen_by(made, "b").stands["b"], OwnStand)
    assert set(map(type, introduction_seen_by(made, "").stands.values())) == {PartnerStand}
