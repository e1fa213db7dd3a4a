"""Why a member could supply what is asked for, in words: one sentence a reason, the weightiest first."""

from collections.abc import Mapping

from shared.contracts.base import LocalizedText

QUOTED = 120
"""Characters of a title that are quoted."""
MATCHED = frozenset({"text", "words", "detailed", "titles"})
"""Features of one reason: something the member says of itself, or did, is like what is asked for."""
SAID: Mapping[str, tuple[str, str]] = {
    "name": ("Il testo nomina l'organizzazione o la sua città.", "The text names the organisation or its city."),
    "name_written": ("Una parola scritta con la maiuscola è del suo nome.", "A word written with a capital is of its name."),
    "city_named": ("Ha sede nella città nominata.", "It sits in the city that is named."),
    "country_named": ("È del paese nominato.", "It is of the country that is named."),
    "together": ("Avete già lavorato insieme.", "You have worked together before."),
    "together_on_this": ("Avete già lavorato insieme su questo.", "You have worked together on this before."),
    "partners_of_partners": ("Ha lavorato con chi ha lavorato con voi.", "It has worked with those you have worked with."),
    "same_country": ("È del vostro paese.", "It is of your country."),
    "research": ("È un organismo di ricerca.", "It is a research organisation."),
    "small": ("È una piccola impresa.", "It is a small firm."),
}
NONE = ("Nulla in particolare.", "Nothing in particular.")


def reasons(contributions: Mapping[str, float], best: str | None) -> LocalizedText:
    """Say what counted for a member; what counted against it, or is no reason in itself, is left out."""
    matched = sum(value for feature, value in contributions.items() if feature in MATCHED)
    weighed = [(value, *SAID[feature]) for feature, value in contributions.items() if value > 0 and feature in SAID]
    if best is not None and matched > 0:
        title = best if len(best) <= QUOTED else best[: QUOTED - 1].rstrip() + "…"
        weighed.append((matched, f"È vicino a «{title}».", f"It is near to “{title}”."))
    weighed.sort(key=lambda one: -one[0])
    it, en = " ".join(one[1] for one in weighed), " ".join(one[2] for one in weighed)
    return LocalizedText(it=it or NONE[0], en=en or NONE[1])
