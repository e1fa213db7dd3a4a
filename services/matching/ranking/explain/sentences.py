"""Why two members should meet, in words: one sentence a reason, in Italian and in English."""

from collections.abc import Collection, Iterator, Mapping

from services.matching.ranking.corpus.members import PROVINCE, REGION
from services.matching.ranking.corpus.profile import Offering, Round, Seeking, Ticket
from services.matching.ranking.text.vectorizer import shortened
from shared.contracts.base import LocalizedText
from shared.contracts.registry import Stage

Said = tuple[str, str]

STAGES_IT: Mapping[Stage, str] = {
    "pre-seed": "pre-seed",
    "seed": "seed",
    "early": "early stage",
    "growth": "crescita",
    "later": "later stage",
}
TITLE, TOPICS = 120, 5


def answer(mine: Offering | Seeking, theirs: Offering | Seeking) -> Said:
    """Say which offer may answer which need, with both levels of readiness where they are stated."""
    yours, other = quoted(mine.title), quoted(theirs.title)
    if isinstance(mine, Offering):
        it = f"La vostra offerta {yours[0]} può rispondere alla loro esigenza {other[0]}"
        en = f"Your offer {yours[1]} may answer their need {other[1]}"
    else:
        it = f"La loro offerta {other[0]} può rispondere alla vostra esigenza {yours[0]}"
        en = f"Their offer {other[1]} may answer your need {yours[1]}"
    offered, sought = (mine.trl, theirs.trl) if isinstance(mine, Offering) else (theirs.trl, mine.trl)
    if offered and sought:
        it, en = f"{it} (TRL {offered} offerto, {sought} cercato)", f"{en} (TRL {offered} offered, {sought} sought)"
    return f"{it}.", f"{en}."


def alike(mine: str, theirs: str) -> Said:
    """Say that two members work on near things."""
    yours, other = quoted(mine), quoted(theirs)
    return (
        f"Siete attivi in ambiti vicini: voi con {yours[0]}, loro con {other[0]}.",
        f"You work in near fields: you on {yours[1]}, they on {other[1]}.",
    )


def capital(mine: Offering | Seeking, theirs: Offering | Seeking) -> Said:
    """Say which capital is offered for which round, with the terms that are stated."""
    (my_it, my_en), (their_it, their_en) = _described(mine), _described(theirs)
    if isinstance(mine, Offering):
        it = f"La vostra offerta di capitale {my_it} può servire la loro esigenza {their_it}."
        en = f"Your capital offer {my_en} may serve their need {their_en}."
    else:
        it = f"La loro offerta di capitale {their_it} può servire la vostra esigenza {my_it}."
        en = f"Their capital offer {their_en} may serve your need {my_en}."
    return it, en


def topics(shared: Collection[str], labels: Mapping[str, LocalizedText]) -> Said:
    """Name the topics in common, in order, `TOPICS` at most and then how many more; an unknown topic by its id."""
    named = [labels.get(topic) or LocalizedText(it=topic, en=topic) for topic in sorted(shared)[:TOPICS]]
    rest = len(shared) - len(named)
    it = "; ".join([*(label.it for label in named), *([f"e {rest} in più"] if rest else [])])
    en = "; ".join([*(label.en for label in named), *([f"and {rest} more"] if rest else [])])
    return f"Temi in comune: {it}.", f"Shared topics: {en}."


def place(value: float) -> Iterator[Said]:
    """Say how near two members are, from the value of the feature; a common country goes without saying."""
    if value >= PROVINCE:
        yield "Stessa provincia.", "Same province."
    elif value >= REGION:
        yield "Stessa regione.", "Same region."


def together(works: int) -> Said:
    """Say how many works two members did together."""
    if works == 1:
        return "Avete già lavorato insieme una volta.", "You have worked together once before."
    return f"Avete già lavorato insieme {works} volte.", f"You have worked together {works} times before."


def supply_chain() -> Said:
    """Say that one's trade usually supplies the other's."""
    return (
        "I vostri settori (ATECO) sono di norma nella stessa filiera.",
        "Your trades (ATECO) usually are in one supply chain.",
    )


def sizes() -> Said:
    """Say that a large firm and a small one meet."""
    return (
        "Una grande impresa e una più piccola: possibile filiera.",
        "A large firm and a smaller one: a possible supply chain.",
    )


def quoted(title: str) -> Said:
    """Quote a title as each language does, cut where it is too long for a sentence."""
    text = shortened(title, TITLE)
    return f"«{text}»", f"“{text}”"


def _described(item: Offering | Seeking) -> Said:
    """Quote a title with its terms after it in brackets."""
    it, en = quoted(item.title)
    terms = list(_offered(item.ticket) if isinstance(item, Offering) else _sought(item.round))
    if terms:
        it, en = f"{it} ({', '.join(term[0] for term in terms)})", f"{en} ({', '.join(term[1] for term in terms)})"
    return it, en


def _offered(ticket: Ticket | None) -> Iterator[Said]:
    if ticket is None:
        return
    if ticket.minimum is not None and ticket.minimum == ticket.maximum:
        yield _euro_it(ticket.minimum), _euro_en(ticket.minimum)
    elif ticket.minimum is not None:
        yield f"da {_euro_it(ticket.minimum)}", f"from {_euro_en(ticket.minimum)}"
    if ticket.maximum is not None and ticket.minimum != ticket.maximum:
        yield f"fino a {_euro_it(ticket.maximum)}", f"up to {_euro_en(ticket.maximum)}"
    if ticket.stages:
        yield "fasi: " + "/".join(STAGES_IT[stage] for stage in ticket.stages), "stages: " + "/".join(ticket.stages)


def _sought(sought: Round | None) -> Iterator[Said]:
    if sought is None:
        return
    if sought.amount is not None:
        yield _euro_it(sought.amount), _euro_en(sought.amount)
    if sought.stage:
        yield f"fase: {STAGES_IT[sought.stage]}", f"stage: {sought.stage}"


def _euro_en(amount: int) -> str:
    return f"EUR {amount:,}"


def _euro_it(amount: int) -> str:
    return f"{amount:,} euro".replace(",", ".")
