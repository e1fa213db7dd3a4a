"""A suggestion as it is answered: whole, in the language of the request."""

from services.matching.ranking import Passage
from services.matching.shortlist.stored import StoredSuggestion, StoredText
from services.matching.suggestion.schemas import suggestion_answer
from tests.matching.ranking.factories import firm

SUGGESTION = StoredSuggestion(
    partner="bruno",
    score=0.5,
    rule="b2b-3",
    contributions={"their_offer": 0.5},
    passages=(Passage("their_offer", "Marmo", "Laser"),),
    features={"their_offer": 0.8},
    reasons=StoredText("Offre laser.", "It offers lasers."),
    shortcomings=StoredText("Lontano.", "Far away."),
    advice=StoredText("Scrivete di più.", "Write more."),
)


def test_texts_are_in_the_language_of_the_request_and_the_evidence_in_none() -> None:
    italian, english = (suggestion_answer(SUGGESTION, firm("bruno", name="Laser Srl"), language) for language in ("it", "en"))
    answer = italian.model_dump(mode="json")
    assert (answer["why"], answer["why_not"], answer["raise"]) == ("Offre laser.", "Lontano.", "Scrivete di più.")
    assert english.model_dump() == italian.model_dump() | {
        "why": "It offers lasers.",
        "why_not": "Far away.",
        "raise": "Write more.",
    }
    assert (answer["name"], answer["score"], answer["contributions"]) == ("Laser Srl", 0.5, {"their_offer": 0.5})
    assert answer["passages"] == [{"feature": "their_offer", "yours": "Marmo", "theirs": "Laser"}]
