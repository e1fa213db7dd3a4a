"""Which suggestions a viewer is shown."""

from services.matching.ranking import Passage
from services.matching.shortlist.stored import StoredSuggestion, StoredText
from services.matching.suggestion.visibility import SuggestionFilter, visible_suggestions, visible_topics
from tests.matching.ranking.factories import firm, offer

EMPTY = StoredText("", "")
ROBOTS = "smart-factory/robotics"
VIEWER = firm("viewer", districts=frozenset({"marble"}))
NEAR = firm("near", offers=(offer("Slabs", visibility="district", topics=(ROBOTS,)),))
FAR = firm("far", districts=frozenset({"fashion"}), summary="Wool and\nyarn", offers=NEAR.offers)
PARTNERS = {"near": NEAR, "far": FAR}


def suggestion(partner: str, quote: str = "", score: float = 0.5) -> StoredSuggestion:
    passages = (Passage("their_offer", "x", quote),) if quote else ()
    return StoredSuggestion(partner, score, "b2b-3", {}, passages, {}, EMPTY, EMPTY, EMPTY)


def partners_shown(*suggestions: StoredSuggestion, **criteria: str | float) -> list[str]:
    lists = {"b2b": suggestions}
    visible = visible_suggestions(lists, VIEWER, PARTNERS, SuggestionFilter(**criteria))  # type: ignore[arg-type]
    return [item.partner for item in visible["b2b"]]


def test_a_quote_that_the_viewer_may_not_see_hides_its_suggestion() -> None:
    assert partners_shown(suggestion("near", "Slabs"), suggestion("far", "Slabs")) == ["near"]
    assert partners_shown(suggestion("far", "Wool and…")) == ["far"], "the beginning of the summary"


def test_partners_that_are_no_longer_approved_are_left_out() -> None:
    assert partners_shown(suggestion("left"), suggestion("far")) == ["far"]


def test_filters_by_district_score_and_visible_topic() -> None:
    suggestions = (suggestion("near", score=0.2), suggestion("far"))
    assert partners_shown(*suggestions, district="fashion") == ["far"]
    assert partners_shown(*suggestions, min_score=0.3) == ["far"]
    assert partners_shown(*suggestions, topic=ROBOTS) == ["near"]
    assert partners_shown(*suggestions, topic="smart-factory") == ["near"]
    assert visible_topics(VIEWER, FAR) == set()
