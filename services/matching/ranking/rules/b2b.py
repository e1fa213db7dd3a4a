"""Firm and firm, by complementarity: what one needs the other makes, in either direction."""

import numpy as np

from services.matching.ranking.rules.features import Judgement, Pairs, Rule
from shared.contracts.registry import Nature

GIVES: tuple[Nature, ...] = ("product", "technology")
NEEDS: tuple[Nature, ...] = ("product", "technology", "research")


def judge(pairs: Pairs) -> Judgement:
    """Compare a firm with all others. Place, size, trade and demand count only beside a reason to meet."""
    offers, needs = pairs.documents.offers(GIVES), pairs.documents.needs(NEEDS)
    their_offer = pairs.match(mine=needs, theirs=offers)
    our_offer = pairs.match(mine=offers, theirs=needs)
    facilities = pairs.facilities()
    reason = (their_offer.value + our_offer.value + facilities.value + pairs.topics) > 0
    # A large firm and a small one make a supply chain; two of a kind are as likely to compete.
    chain = (pairs.kinds == "large-firm") != (pairs.kind == "large-firm")
    features = {
        "their_offer": their_offer.value,
        "our_offer": our_offer.value,
        "facilities": facilities.value,
        "topics": pairs.topics,
        "supply_chain": pairs.supply_chain * reason,
        "together": pairs.known.closeness,
        "place": pairs.place * reason,
        "size": np.where(chain, 1.0, 0.5) * reason,
        "seldom_shown": pairs.seldom_shown * reason,
    }
    return Judgement(features, {"their_offer": their_offer, "our_offer": our_offer, **facilities.matches})


RULE = Rule(
    mode="b2b",
    version="b2b-3",
    # Set by hand. Both directions weigh the same, so that two firms find each other alike but for `seldom_shown`.
    weights={
        "their_offer": 0.28,
        "our_offer": 0.28,
        "facilities": 0.10,  # a facility offered against the need for one, in either direction
        "topics": 0.11,
        "supply_chain": 0.06,  # by ATECO: one's trade usually supplies the other's
        "together": 0.04,
        "place": 0.06,
        "size": 0.03,
        "seldom_shown": 0.04,  # less for who stands in many lists already
    },
    judge=judge,
)
