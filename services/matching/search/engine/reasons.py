"""Why a member could supply what is searched for: one sentence a reason, the weightiest first."""

from collections.abc import Mapping

from services.matching.texts import TEXTS
from shared.chassis.plain_text import clean
from shared.chassis.texts import LANGUAGES, Message, text
from shared.contracts.base import LocalizedText
from shared.contracts.human_text import shortened

QUOTED_LENGTH = 120
"""Characters of a title that are quoted."""
TEXT_FEATURES = frozenset({"text", "words", "detailed", "titles"})
"""Features of one reason: a text of the member matches the query."""
REASONS: Mapping[str, Message] = {
    "name": text("supplier-name"),
    "name_written": text("supplier-name-written"),
    "city_named": text("supplier-city-named"),
    "country_named": text("supplier-country-named"),
    "together": text("supplier-together"),
    "together_on_this": text("supplier-together-on-this"),
    "partners_of_partners": text("supplier-partners-of-partners"),
    "same_country": text("supplier-same-country"),
    "research": text("supplier-research"),
    "small": text("supplier-small"),
}


def reasons_for(contributions: Mapping[str, float], best: str | None) -> LocalizedText:
    """Write the reasons in favour of a member; those against it, and features that are no reason, are left out."""
    matched = sum(value for feature, value in contributions.items() if feature in TEXT_FEATURES)
    weighed = [(value, REASONS[feature]) for feature, value in contributions.items() if value > 0 and feature in REASONS]
    if best is not None and matched > 0:
        weighed.append((matched, text("supplier-text", title=shortened(clean(best), QUOTED_LENGTH))))
    weighed.sort(key=lambda reason: -reason[0])
    messages = [message for _, message in weighed] or [text("supplier-no-reason")]
    sentences = {language: " ".join(TEXTS.write(message, language) for message in messages) for language in LANGUAGES}
    return LocalizedText(**sentences)
