"""Shortlists as they are stored and read."""

from datetime import UTC, datetime

from services.matching.ranking import ShortlistIndex
from services.matching.shortlist.stored import StoredSuggestion, read_shortlist, shortlist_document
from shared.chassis.documents import parse, to_document
from tests.matching.ranking.factories import firm, need, offer

NOW = datetime(2027, 3, 10, tzinfo=UTC)
LISTS = ShortlistIndex([firm("a", needs=(need("Laser cutting"),)), firm("b", offers=(offer("Laser cutting"),))]).shortlist("a")
DOCUMENT = shortlist_document("a", LISTS, {"b2b": "b2b-9", "r2b": "r2b-9"}, NOW)


def test_a_stored_shortlist_names_the_rules_of_its_modes_and_keeps_texts_by_their_names() -> None:
    assert (DOCUMENT["_id"], DOCUMENT["rules"], DOCUMENT["computed"]) == ("a", {"b2b": "b2b-9"}, NOW)
    (suggestion,) = DOCUMENT["lists"]["b2b"]
    assert list(suggestion) == [*("partner", "score", "rule", "contributions", "passages", "why", "features", "why_not", "raise")]


def test_what_was_stored_is_read() -> None:
    (suggestion,), (listed,) = read_shortlist(DOCUMENT).lists["b2b"], LISTS["b2b"]
    assert (suggestion.partner, suggestion.score, suggestion.passages) == ("b", listed.score, listed.passages)
    assert suggestion.reasons.in_("it") == listed.reasons.it
    assert suggestion.advice.in_("en") == listed.advice.en


def test_a_suggestion_is_read_from_its_own_field_names_too() -> None:
    (suggestion,) = read_shortlist(DOCUMENT).lists["b2b"]
    assert parse(StoredSuggestion, to_document(suggestion)) == suggestion
