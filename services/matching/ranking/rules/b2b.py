"""Firm and firm, by complementarity: the needs of either against the offers of the other."""

import numpy as np

from services.matching.ranking.rules.features import Evaluation, Pairs, Rule
from shared.contracts.registry import Nature

GIVES: tuple[Nature, ...] = ("product", "technology")
NEEDS: tuple[Nature, ...] = ("product", "technology", "research")


def evaluate(pairs: Pairs) -> Evaluation:
    """Compare a firm with other firms. Place, size, trade and popularity count only beside a reason to meet."""
    offers, needs = pairs.documents.offers(GIVES), pairs.documents.needs(NEEDS)
    their_offer = pairs.match(own=needs, partner=offers)
    our_offer = pairs.match(own=offers, partner=needs)
    facilities = pairs.facilities()
    reason = (their_offer.value + our_offer.value + facilities.value + pairs.topic_similarity) > 0
    # A large firm and a smaller one may form a supply chain; two of equal size are as likely to compete.
    chain = (pairs.kinds == "large-firm") != (pairs.kind == "large-firm")
    features = {
        "their_offer": their_offer.value,
        "our_offer": our_offer.value,
        "facilities": facilities.value,
        "topics": pairs.topic_similarity,
        "supply_chain": pairs.supply_chain * reason,
        "together": pairs.relationships.closeness,
        "place": pairs.place * reason,
        "size": np.where(chain, 1.0, 0.5) * reason,
        "seldom_shown": pairs.seldom_shown * reason,
    }
    return Evaluation(features, {"their_offer": their_offer, "our_offer": our_offer, **facilities.matches})


RULE = Rule(
    mode="b2b",
    version="b2b-3",
    # Set by hand. Both directions have the same weight, so that two firms score each other alike but for `seldom_shown`.
    weights={
        "their_offer": 0.28,
        "our_offer": 0.28,
        "facilities": 0.10,  # a facility offered against the need for one, in either direction
        "topics": 0.11,
        "supply_chain": 0.06,  # by ATECO: the trade of one usually supplies that of the other
        "together": 0.04,
        "place": 0.06,
        "size": 0.03,
        "seldom_shown": 0.04,  # lower for members listed by many already
    },
    evaluate=evaluate,
)
