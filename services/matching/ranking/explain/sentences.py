"""The reasons why two members should meet: one sentence a reason, in Italian and in English."""

from collections.abc import Collection, Iterator, Mapping
from functools import reduce

from services.matching.ranking.corpus.members import PROVINCE, REGION
from services.matching.ranking.corpus.profile import Need, Offer, Round, Ticket
from services.matching.ranking.explain.bilingual import Bilingual, bilingual, fill
from services.matching.ranking.text.vectorizer import single_line
from shared.chassis.texts import Message, text
from shared.contracts.base import LocalizedText
from shared.contracts.registry import Stage

# Characters of a quoted title, and topics that are named.
TITLE_LENGTH, MAX_TOPICS = 120, 5


def answer(own: Offer | Need, partner: Offer | Need) -> Bilingual:
    """Name the offer that may answer a need, with both TRLs where they are stated."""
    own_title, partner_title = single_line(own.title, TITLE_LENGTH), single_line(partner.title, TITLE_LENGTH)
    kind = "need-for-offer" if isinstance(own, Offer) else "offer-answers-need"
    offered, needed = (own.trl, partner.trl) if isinstance(own, Offer) else (partner.trl, own.trl)
    if offered and needed:
        return fill(f"reason-{kind}-trl", own=own_title, partner=partner_title, offered=offered, needed=needed)
    return fill(f"reason-{kind}", own=own_title, partner=partner_title)


def similar_fields(own_title: str, partner_title: str) -> Bilingual:
    """State that two members work in similar fields."""
    return fill("reason-similar-fields", own=single_line(own_title, TITLE_LENGTH), partner=single_line(partner_title, TITLE_LENGTH))


def capital(own: Offer | Need, partner: Offer | Need) -> Bilingual:
    """Name the capital offered and the round it may serve, with the terms that are stated."""
    key = "reason-need-for-capital" if isinstance(own, Offer) else "reason-capital-answers-need"
    return bilingual(text(key, own=_with_terms(own), partner=_with_terms(partner)))


def topics(shared: Collection[str], labels: Mapping[str, LocalizedText]) -> Bilingual:
    """Name the topics in common, in order, `MAX_TOPICS` at most and then how many more; an unknown topic by its id."""
    named = [labels.get(topic) or LocalizedText(it=topic, en=topic) for topic in sorted(shared)[:MAX_TOPICS]]
    rest = len(shared) - len(named)
    names = Bilingual("; ".join(label.it for label in named), "; ".join(label.en for label in named))
    phrase = fill("reason-topics-and-more", topics="{topics}", rest=rest) if rest else fill("reason-topics", topics="{topics}")
    return Bilingual(phrase.it.format(topics=names.it), phrase.en.format(topics=names.en))


def place(value: float) -> Iterator[Bilingual]:
    """Name a common province or region, from the value of the feature; a common country is not mentioned."""
    if value >= PROVINCE:
        yield fill("reason-same-province")
    elif value >= REGION:
        yield fill("reason-same-region")


def collaborations(count: int) -> Bilingual:
    """State how often two members have worked together."""
    return bilingual(text("reason-collaborations", n=count))


def supply_chain() -> Bilingual:
    """State that the trade of one member usually supplies that of the other."""
    return fill("reason-supply-chain")


def size_difference() -> Bilingual:
    """State that one firm is large and the other smaller."""
    return fill("reason-size-difference")


def _with_terms(item: Offer | Need) -> Message:
    """Quote a title, followed by its terms in brackets."""
    title = single_line(item.title, TITLE_LENGTH)
    terms = list(_ticket_terms(item.ticket) if isinstance(item, Offer) else _round_terms(item.round))
    if not terms:
        return text("quoted-title", title=title)
    listed = reduce(lambda first, last: text("terms-list", terms=first, term=last), terms)
    return text("quoted-title-with-terms", title=title, terms=listed)


def _ticket_terms(ticket: Ticket | None) -> Iterator[Message]:
    if ticket is None:
        return
    if ticket.minimum is not None and ticket.minimum == ticket.maximum:
        yield _euros("terms-amount", ticket.minimum)
    elif ticket.minimum is not None:
        yield _euros("terms-minimum", ticket.minimum)
    if ticket.maximum is not None and ticket.minimum != ticket.maximum:
        yield _euros("terms-maximum", ticket.maximum)
    if ticket.stages:
        stages = reduce(lambda first, last: text("stages-list", stages=first, stage=last), map(_stage, ticket.stages))
        yield text("terms-stages", stages=stages)


def _round_terms(funding_round: Round | None) -> Iterator[Message]:
    if funding_round is None:
        return
    if funding_round.amount is not None:
        yield _euros("terms-amount", funding_round.amount)
    if funding_round.stage:
        yield text("terms-stage", stage=_stage(funding_round.stage))


def _stage(stage: Stage) -> Message:
    return text(f"stage-{stage}")


def _euros(key: str, amount: int) -> Message:
    """Write an amount with the thousands separator of each language."""
    return text(key, amount=LocalizedText(it=f"{amount:,}".replace(",", "."), en=f"{amount:,}"))
