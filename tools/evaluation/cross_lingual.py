"""Cross-lingual ranking: Italian needs and English offers, written for this test; is each need's offer ranked first?"""

from importlib.resources import files

import numpy as np

from services.matching.ranking import Member, Offer, TextQuery, TextSearch


def pairs() -> list[tuple[str, str]]:
    """The bundled pairs: a need in Italian, and the offer in English that answers it."""
    lines = files(__package__).joinpath("crosslingual.tsv").read_text().splitlines()
    return [(need, offer) for need, offer in (line.split("\t") for line in lines)]


def evaluate_languages() -> tuple[int, float, float]:
    """Query all offers with each need; return the number of pairs, P@1 and MRR."""
    needs, offers = zip(*pairs(), strict=True)
    members = [
        Member(f"m{number:03}", "", "sme", country="", offers=(Offer("o", "technology", offer, language="en"),), language="en")
        for number, offer in enumerate(offers)
    ]
    search_index = TextSearch(members)
    ranks = []
    for number, need in enumerate(needs):
        partners = [
            suggestion.partner for suggestion in search_index.search(TextQuery(need, "it"), limit=len(members), exposure=None)
        ]
        ranks.append(partners.index(f"m{number:03}") + 1)
    return len(ranks), float(np.mean(np.array(ranks) == 1)), float(np.mean(1.0 / np.array(ranks)))
