"""Invented members for the tests of the ranking, by hand and by hypothesis."""

from typing import Any

from hypothesis import strategies as st

from services.matching.ranking import Member, Need, Offer, Round, ShortlistIndex, Suggestion, Ticket
from shared.contracts.matching import Mode

KINDS = ("innovative-startup", "sme", "large-firm", "research-organisation", "financial-operator")
NATURES = ("product", "technology", "research", "capital")
STAGES = ("pre-seed", "seed", "early", "growth", "later")
TOPICS = ("ict-photonics/photonics", "smart-factory/robotics", "chemistry-nanotech/nanomaterials")
WORDS = ("laser", "marble", "cutting", "yacht", "hull", "graphene", "coating", "loom", "wool", "turbine", "leather")


def firm(id: str, **facts: Any) -> Member:
    """Make a small firm of Florence, in the marble district by default."""
    return Member(**{"id": id, "name": f"Firm {id}", "kind": "sme", "districts": frozenset({"marble"}), "nuts3": "ITI14", **facts})


def lab(id: str, **facts: Any) -> Member:
    """Make a research organisation."""
    return firm(id, **{"kind": "research-organisation", **facts})


def fund(id: str, **facts: Any) -> Member:
    """Make a financial operator."""
    return firm(id, **{"kind": "financial-operator", **facts})


def offer(title: str, **facts: Any) -> Offer:
    """Make an offer in English, of a technology by default."""
    return Offer(**{"id": "o1", "nature": "technology", "title": title, "language": "en", **facts})


def need(title: str, **facts: Any) -> Need:
    """Make a need in English, of a technology by default."""
    return Need(**{"id": "n1", "nature": "technology", "title": title, "language": "en", **facts})


def ranked(viewer: Member, mode: Mode, *candidates: Member, limit: int = 20) -> list[Suggestion]:
    """List the viewer's partners among the candidates."""
    return ShortlistIndex([viewer, *candidates]).shortlist(viewer.id, limit)[mode]


def only(viewer: Member, mode: Mode, *candidates: Member) -> Suggestion:
    """Give the one partner that the viewer has among the candidates."""
    (suggestion,) = ranked(viewer, mode, *candidates)
    return suggestion


titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
topics = st.lists(st.sampled_from(TOPICS), unique=True, max_size=2).map(tuple)
trls = st.none() | st.integers(1, 9)
amounts = st.none() | st.integers(0, 10_000_000)
tickets = st.builds(Ticket, st.lists(st.sampled_from(STAGES), unique=True, max_size=3).map(tuple), amounts, amounts)
rounds = st.builds(Round, st.none() | st.sampled_from(STAGES), amounts)


def offers(visibility: st.SearchStrategy[str]) -> st.SearchStrategy[Offer]:
    """Make any offer of these visibilities."""
    kind = st.sampled_from(NATURES)
    return st.builds(offer, titles, nature=kind, topics=topics, trl=trls, visibility=visibility, ticket=st.none() | tickets)


def needs(visibility: st.SearchStrategy[str]) -> st.SearchStrategy[Need]:
    """Make any need of these visibilities."""
    kind = st.sampled_from(NATURES)
    return st.builds(need, titles, nature=kind, topics=topics, trl=trls, visibility=visibility, round=st.none() | rounds)


@st.composite
def members(draw: st.DrawFn, visibilities: tuple[str, ...] = ("district", "network", "public"), count: int = 6) -> list[Member]:
    """Make up to `count` members of any kind with a few offers and needs."""
    visibility = st.sampled_from(visibilities)
    drawn = []
    for number in range(draw(st.integers(1, count))):
        drawn_offers = draw(st.lists(offers(visibility), max_size=3))
        drawn_needs = draw(st.lists(needs(visibility), max_size=3))
        drawn.append(
            Member(
                id=f"m{number}",
                name=f"Member {number}",
                kind=draw(st.sampled_from(KINDS)),
                districts=draw(st.frozensets(st.sampled_from(("marble", "fashion", "railways")), min_size=1)),
                topics=frozenset(draw(topics)),
                country=draw(st.sampled_from(("IT", "FR"))),
                nuts3=draw(st.sampled_from((None, "ITI14", "ITI17"))),
                summary=draw(st.just("") | titles),
                language="en",
                offers=tuple(drawn_offers),
                needs=tuple(drawn_needs),
            )
        )
    return drawn
