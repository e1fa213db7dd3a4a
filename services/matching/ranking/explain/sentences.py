"""Why two members should meet, in words: one sentence a reason, in Italian and in English."""

from collections.abc import Collection, Iterator, Mapping

from services.matching.ranking.corpus.members import PROVINCE, REGION
from services.matching.ranking.corpus.profile import Need, Offer, Round, Ticket
from services.matching.ranking.text.vectorizer import shortened
from shared.contracts.base import LocalizedText
from shared.contracts.registry import Stage

Bilingual = tuple[str, str]
"""A text in Italian and in English."""

STAGES_IT: Mapping[Stage, str] = {
    "pre-seed": "pre-seed",
    "seed": "seed",
    "early": "early stage",
    "growth": "crescita",
    "later": "later stage",
}
# Characters of a quoted title, and topics that are named.
TITLE_LENGTH, MAX_TOPICS = 120, 5


def answer(own: Offer | Need, partner: Offer | Need) -> Bilingual:
    """Name the offer that may answer a need, with both TRLs where they are stated."""
    (own_it, own_en), (partner_it, partner_en) = quoted(own.title), quoted(partner.title)
    if isinstance(own, Offer):
        it = f"La vostra offerta {own_it} può rispondere alla loro esigenza {partner_it}"
        en = f"Your offer {own_en} may answer their need {partner_en}"
    else:
        it = f"La loro offerta {partner_it} può rispondere alla vostra esigenza {own_it}"
        en = f"Their offer {partner_en} may answer your need {own_en}"
    offered, needed = (own.trl, partner.trl) if isinstance(own, Offer) else (partner.trl, own.trl)
    if offered and needed:
        it, en = f"{it} (TRL {offered} offerto, {needed} cercato)", f"{en} (TRL {offered} offered, {needed} sought)"
    return f"{it}.", f"{en}."


def similar_fields(own_title: str, partner_title: str) -> Bilingual:
    """State that two members work in similar fields."""
    (own_it, own_en), (partner_it, partner_en) = quoted(own_title), quoted(partner_title)
    return (
        f"Siete attivi in ambiti vicini: voi con {own_it}, loro con {partner_it}.",
        f"You work in near fields: you on {own_en}, they on {partner_en}.",
    )


def capital(own: Offer | Need, partner: Offer | Need) -> Bilingual:
    """Name the capital offered and the round it may serve, with the terms that are stated."""
    (own_it, own_en), (partner_it, partner_en) = _with_terms(own), _with_terms(partner)
    if isinstance(own, Offer):
        it = f"La vostra offerta di capitale {own_it} può servire la loro esigenza {partner_it}."
        en = f"Your capital offer {own_en} may serve their need {partner_en}."
    else:
        it = f"La loro offerta di capitale {partner_it} può servire la vostra esigenza {own_it}."
        en = f"Their capital offer {partner_en} may serve your need {own_en}."
    return it, en


def topics(shared: Collection[str], labels: Mapping[str, LocalizedText]) -> Bilingual:
    """Name the topics in common, in order, `MAX_TOPICS` at most and then how many more; an unknown topic by its id."""
    named = [labels.get(topic) or LocalizedText(it=topic, en=topic) for topic in sorted(shared)[:MAX_TOPICS]]
    rest = len(shared) - len(named)
    it = "; ".join([*(label.it for label in named), *([f"e {rest} in più"] if rest else [])])
    en = "; ".join([*(label.en for label in named), *([f"and {rest} more"] if rest else [])])
    return f"Temi in comune: {it}.", f"Shared topics: {en}."


def place(value: float) -> Iterator[Bilingual]:
    """Name a common province or region, from the value of the feature; a common country is not mentioned."""
    if value >= PROVINCE:
        yield "Stessa provincia.", "Same province."
    elif value >= REGION:
        yield "Stessa regione.", "Same region."


def together(collaborations: int) -> Bilingual:
    """State how often two members have worked together."""
    if collaborations == 1:
        return "Avete già lavorato insieme una volta.", "You have worked together once before."
    return f"Avete già lavorato insieme {collaborations} volte.", f"You have worked together {collaborations} times before."


def supply_chain() -> Bilingual:
    """State that the trade of one member usually supplies that of the other."""
    return (
        "I vostri settori (ATECO) sono di norma nella stessa filiera.",
        "Your trades (ATECO) usually are in one supply chain.",
    )


def size_difference() -> Bilingual:
    """State that one firm is large and the other smaller."""
    return (
        "Una grande impresa e una più piccola: possibile filiera.",
        "A large firm and a smaller one: a possible supply chain.",
    )


def quoted(title: str) -> Bilingual:
    """Quote a title with the quotation marks of each language, shortened to fit a sentence."""
    text = shortened(title, TITLE_LENGTH)
    return f"«{text}»", f"“{text}”"


def _with_terms(item: Offer | Need) -> Bilingual:
    """Quote a title, followed by its terms in brackets."""
    it, en = quoted(item.title)
    terms = list(_ticket_terms(item.ticket) if isinstance(item, Offer) else _round_terms(item.round))
    if terms:
        it, en = f"{it} ({', '.join(term[0] for term in terms)})", f"{en} ({', '.join(term[1] for term in terms)})"
    return it, en


def _ticket_terms(ticket: Ticket | None) -> Iterator[Bilingual]:
    if ticket is None:
        return
    if ticket.minimum is not None and ticket.minimum == ticket.maximum:
        yield _euros_it(ticket.minimum), _euros_en(ticket.minimum)
    elif ticket.minimum is not None:
        yield f"da {_euros_it(ticket.minimum)}", f"from {_euros_en(ticket.minimum)}"
    if ticket.maximum is not None and ticket.minimum != ticket.maximum:
        yield f"fino a {_euros_it(ticket.maximum)}", f"up to {_euros_en(ticket.maximum)}"
    if ticket.stages:
        yield "fasi: " + "/".join(STAGES_IT[stage] for stage in ticket.stages), "stages: " + "/".join(ticket.stages)


def _round_terms(funding_round: Round | None) -> Iterator[Bilingual]:
    if funding_round is None:
        return
    if funding_round.amount is not None:
        yield _euros_it(funding_round.amount), _euros_en(funding_round.amount)
    if funding_round.stage:
        yield f"fase: {STAGES_IT[funding_round.stage]}", f"stage: {funding_round.stage}"


def _euros_en(amount: int) -> str:
    return f"EUR {amount:,}"


def _euros_it(amount: int) -> str:
    return f"{amount:,} euro".replace(",", ".")
