"""Suggestions as they are answered."""

from pydantic import ConfigDict, Field

from services.matching.ranking import Member
from services.matching.shortlist.stored import StoredSuggestion
from shared.chassis.http.answers import Answer
from shared.contracts.base import Instant
from shared.contracts.matching import Mode


class PassageAnswer(Answer):
    """A pair of matched titles, and the feature they contributed to."""

    feature: str
    yours: str
    theirs: str


class SuggestionAnswer(Answer):
    """A partner with score and evidence. Texts are in the language of the request.

    `score` is the sum of the `contributions`, each a weight times one of the `features`, which are from 0 to 1.
    """

    model_config = ConfigDict(serialize_by_alias=True)
    partner: str
    score: float
    rule: str
    contributions: dict[str, float]
    passages: list[PassageAnswer]
    reasons: str = Field(serialization_alias="why")
    features: dict[str, float]
    shortcomings: str = Field(serialization_alias="why_not")
    advice: str = Field(serialization_alias="raise")
    name: str


class SuggestionsAnswer(Answer):
    """A page of a member's suggestions by mode; `next` is null on the last one."""

    member: str
    suggestions: dict[Mode, list[SuggestionAnswer]]
    next: str | None
    computed: Instant | None


class EventSuggestionsAnswer(Answer):
    """A participant's suggestions among the others, by mode."""

    member: str
    event: str
    computed: Instant | None
    suggestions: dict[Mode, list[SuggestionAnswer]]


def suggestion_answer(suggestion: StoredSuggestion, partner: Member, language: str) -> SuggestionAnswer:
    """Show a suggestion with the partner's name, in one language."""
    return SuggestionAnswer(
        partner=suggestion.partner,
        score=suggestion.score,
        rule=suggestion.rule,
        contributions=suggestion.contributions,
        passages=[PassageAnswer.model_validate(passage) for passage in suggestion.passages],
        reasons=suggestion.reasons.in_(language),
        features=suggestion.features,
        shortcomings=suggestion.shortcomings.in_(language),
        advice=suggestion.advice.in_(language),
        name=partner.name,
    )
