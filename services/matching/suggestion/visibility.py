"""Which suggestions a viewer is shown: those that pass the filter, of partners whose quoted titles are still visible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.matching.ranking import Member, Need, Offer, can_see
from services.matching.shortlist.stored import StoredSuggestion
from shared.contracts.matching import Mode
from shared.contracts.taxonomy import priority_of

Lists = Mapping[Mode, Sequence[StoredSuggestion]]


@dataclass(frozen=True)
class SuggestionFilter:
    """Suggestions of one mode, of partners in a district or on a topic (or priority), from a score on."""

    mode: Mode | None = None
    topic: str | None = None
    district: str | None = None
    min_score: float = 0.0


def partners_in(lists: Lists) -> set[str]:
    """Name the partners of some lists."""
    return {suggestion.partner for suggestions in lists.values() for suggestion in suggestions}


def visible_suggestions(
    lists: Lists, viewer: Member, partners: Mapping[str, Member], criteria: SuggestionFilter
) -> dict[Mode, list[StoredSuggestion]]:
    """Filter suggestions, in their order.

    A partner that is not among `partners` is left out, and one of which a passage quotes what the viewer may no longer see.
    """
    return {
        mode: [
            suggestion
            for suggestion in suggestions
            if suggestion.partner in partners and _passes(suggestion, viewer, partners[suggestion.partner], criteria)
        ]
        for mode, suggestions in lists.items()
        if criteria.mode in (None, mode)
    }


def _passes(suggestion: StoredSuggestion, viewer: Member, partner: Member, criteria: SuggestionFilter) -> bool:
    if suggestion.score < criteria.min_score or (criteria.district and criteria.district not in partner.districts):
        return False
    if not all(_is_visible(passage.theirs, viewer, partner) for passage in suggestion.passages):
        return False
    if criteria.topic is None:
        return True
    topics = visible_topics(viewer, partner)
    return criteria.topic in topics or criteria.topic in map(priority_of, topics)


def _is_visible(quote: str, viewer: Member, partner: Member) -> bool:
    """Whether a quote is a title that the viewer may see, or the beginning of the summary."""
    items: list[Offer | Need] = [*partner.offers, *partner.needs]
    titles = (item.title for item in items if can_see(viewer, partner, item))
    return quote in titles or " ".join(partner.summary.split()).startswith(quote.removesuffix("…"))


def visible_topics(viewer: Member, partner: Member) -> set[str]:
    """Name the topics of a partner's profile, and of those offers and needs that `viewer` may see."""
    items: list[Offer | Need] = [*partner.offers, *partner.needs]
    return {*partner.topics, *(topic for item in items if can_see(viewer, partner, item) for topic in item.topics)}
