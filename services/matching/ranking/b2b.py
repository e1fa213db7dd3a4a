"""Firm and firm, by complementarity: what one needs the other makes, in either direction."""

import numpy as np

from services.matching.ranking.pairs import Judgement, Pairs, Rule
from shared.contracts.registry import Nature

GIVES: tuple[Nature, ...] = ("product", "technology")
NEEDS: tuple[Nature, ...] = ("product", "technology", "research")


def judge(pairs: Pairs) -> Judgement:
    """Compare a firm with all others. Place and size count only beside a reason to meet."""
    offers, needs = pairs.documents.offers(GIVES), pairs.documents.needs(NEEDS)
    their_offer = pairs.match(mine=needs, theirs=offers)
    our_offer = pairs.match(mine=offers, theirs=needs)
    reason = (their_offer.value + our_offer.value + pairs.topics) > 0
    # A large firm and a small one make a supply chain; two of a kind are as likely to compete.
    chain = (pairs.kinds == "large-firm") != (pairs.kind == "large-firm")
    features = {
        "their_offer": their_offer.value,
        "our_offer": our_offer.value,
        "topics": pairs.topics,
        "together": pairs.known.closeness,
        "place": pairs.place * reason,
        "size": np.where(chain, 1.0, 0.5) * reason,
    }
    return Judgement(features, {"their_offer": their_offer, "our_offer": our_offer})


RULE = Rule(
    mode="b2b",
    version="b2b-2",
    # Set by hand. Both directions weigh the same, so that two firms find each other alike.
    weights={"their_offer": 0.33, "our_offer": 0.33, "topics": 0.14, "together": 0.05, "place": 0.10, "size": 0.05},
    judge=judge,
)
