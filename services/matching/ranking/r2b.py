"""Research organisation and firm: research that answers a need, at a maturity the firm can use."""

import numpy as np

from services.matching.ranking.documents import Floats
from services.matching.ranking.pairs import Judgement, Match, Pairs, Rule
from shared.contracts.registry import Nature

RESEARCH_GIVES: tuple[Nature, ...] = ("research", "technology")
FIRM_GIVES: tuple[Nature, ...] = ("product", "technology")
WORK: tuple[Nature, ...] = ("product", "technology", "research")
# This many levels of readiness apart, two have nothing in common.
FAR = 4.0


def judge(pairs: Pairs) -> Judgement:
    """Compare a research organisation with firms, or a firm with research organisations."""
    documents = pairs.documents
    needs, doing = documents.needs(WORK), documents.summaries | documents.offers(WORK)
    research, products = documents.offers(RESEARCH_GIVES), documents.offers(FIRM_GIVES)
    if pairs.kind == "research-organisation":
        answer, reverse = pairs.match(mine=research, theirs=needs), pairs.match(mine=needs, theirs=products)
    else:
        answer, reverse = pairs.match(mine=needs, theirs=research), pairs.match(mine=products, theirs=needs)
    field = pairs.match(mine=doing, theirs=doing)
    reason = (answer.value + reverse.value + field.value + pairs.topics) > 0
    features = {
        "research_for_need": answer.value,
        "firm_for_research": reverse.value,
        "field": field.value,
        "topics": pairs.topics,
        "together": pairs.known.closeness,
        "maturity": _maturity(documents.trl, answer),
        "place": pairs.place * reason,
    }
    return Judgement(features, {"research_for_need": answer, "firm_for_research": reverse, "field": field})


def _maturity(trl: Floats, answer: Match) -> Floats:
    """Measure how near the levels of the best pair are: 1 when equal, 0 from `FAR` on or when not stated."""
    distance = np.abs(trl[answer.mine] - trl[answer.theirs])
    nearness: Floats = np.nan_to_num(np.clip(1.0 - distance / FAR, 0.0, 1.0))
    return nearness * (answer.theirs >= 0)


RULE = Rule(
    mode="r2b",
    version="r2b-2",
    # Set by hand: an answered need first, then a common field, since few firms state what they need.
    weights={
        "research_for_need": 0.40,  # what the research organisation offers against what the firm needs
        "firm_for_research": 0.10,  # what the firm makes against what the research organisation needs
        "field": 0.18,  # what the two do, one against the other
        "topics": 0.16,
        "together": 0.03,
        "maturity": 0.08,
        "place": 0.05,
    },
    judge=judge,
)
