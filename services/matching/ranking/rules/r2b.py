"""Research organisation and firm: research that answers a need, at a maturity the firm can use."""

import numpy as np

from services.matching.ranking.arrays import Floats
from services.matching.ranking.rules.features import Evaluation, Match, Pairs, Rule
from shared.contracts.registry import Nature

RESEARCH_GIVES: tuple[Nature, ...] = ("research", "technology")
FIRM_GIVES: tuple[Nature, ...] = ("product", "technology")
ACTIVITIES: tuple[Nature, ...] = ("product", "technology", "research")
# From this distance of TRL on, maturity counts nothing.
MAX_TRL_DISTANCE = 4.0


def evaluate(pairs: Pairs) -> Evaluation:
    """Compare a research organisation with firms, or a firm with research organisations."""
    documents = pairs.documents
    needs, activities = documents.needs(ACTIVITIES), documents.summaries | documents.offers(ACTIVITIES)
    research, products = documents.offers(RESEARCH_GIVES), documents.offers(FIRM_GIVES)
    if pairs.kind == "research-organisation":
        answer, reverse = pairs.match(own=research, partner=needs), pairs.match(own=needs, partner=products)
    else:
        answer, reverse = pairs.match(own=needs, partner=research), pairs.match(own=products, partner=needs)
    field = pairs.match(own=activities, partner=activities)
    facilities = pairs.facilities()
    reason = (answer.value + reverse.value + facilities.value + field.value + pairs.topic_similarity) > 0
    research_rows = answer.own if pairs.kind == "research-organisation" else answer.partner
    features = {
        "research_for_need": answer.value,
        "firm_for_research": reverse.value,
        "facilities": facilities.value,
        "field": field.value,
        "topics": pairs.topic_similarity,
        "together": pairs.relationships.closeness,
        "maturity": _maturity(documents.trl, answer),
        "rights": documents.rights[research_rows] * (research_rows >= 0),
        "place": pairs.place * reason,
        "seldom_shown": pairs.seldom_shown * reason,
    }
    matches = {"research_for_need": answer, "firm_for_research": reverse, **facilities.matches, "field": field}
    return Evaluation(features, matches)


def _maturity(trl: Floats, answer: Match) -> Floats:
    """Score how near the TRLs of the best pair are: 1 when equal, 0 from `MAX_TRL_DISTANCE` on or when not stated."""
    distance = np.abs(trl[answer.own] - trl[answer.partner])
    nearness: Floats = np.nan_to_num(np.clip(1.0 - distance / MAX_TRL_DISTANCE, 0.0, 1.0))
    return nearness * (answer.partner >= 0)


RULE = Rule(
    mode="r2b",
    version="r2b-3",
    # Set by hand: an answered need first, then a common field, since few firms state their needs.
    weights={
        "research_for_need": 0.33,  # the offers of the research organisation against the needs of the firm
        "firm_for_research": 0.08,  # the offers of the firm against the needs of the research organisation
        "facilities": 0.10,  # a facility offered against the need for one, in either direction
        "field": 0.14,  # the activities of the two
        "topics": 0.11,
        "together": 0.03,
        "maturity": 0.06,  # how near the TRL offered is to the TRL needed
        "rights": 0.03,  # a patent granted or filed on the research that answers
        "place": 0.04,
        "seldom_shown": 0.08,  # lower for members listed by many already; research organisations are few
    },
    evaluate=evaluate,
)
