"""Research organisation and firm: research that answers a need, at a maturity the firm can use."""

import numpy as np

from services.matching.ranking.corpus.documents import Floats
from services.matching.ranking.rules.features import Judgement, Match, Pairs, Rule
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
    facilities = pairs.facilities()
    reason = (answer.value + reverse.value + facilities.value + field.value + pairs.topics) > 0
    research_rows = answer.mine if pairs.kind == "research-organisation" else answer.theirs
    features = {
        "research_for_need": answer.value,
        "firm_for_research": reverse.value,
        "facilities": facilities.value,
        "field": field.value,
        "topics": pairs.topics,
        "together": pairs.known.closeness,
        "maturity": _maturity(documents.trl, answer),
        "rights": documents.rights[research_rows] * (research_rows >= 0),
        "place": pairs.place * reason,
        "seldom_shown": pairs.seldom_shown * reason,
    }
    found = {"research_for_need": answer, "firm_for_research": reverse, **facilities.matches, "field": field}
    return Judgement(features, found)


def _maturity(trl: Floats, answer: Match) -> Floats:
    """Measure how near the levels of the best pair are: 1 when equal, 0 from `FAR` on or when not stated."""
    distance = np.abs(trl[answer.mine] - trl[answer.theirs])
    nearness: Floats = np.nan_to_num(np.clip(1.0 - distance / FAR, 0.0, 1.0))
    return nearness * (answer.theirs >= 0)


RULE = Rule(
    mode="r2b",
    version="r2b-3",
    # Set by hand: an answered need first, then a common field, since few firms state what they need.
    weights={
        "research_for_need": 0.33,  # what the research organisation offers against what the firm needs
        "firm_for_research": 0.08,  # what the firm makes against what the research organisation needs
        "facilities": 0.10,  # a facility offered against the need for one, in either direction
        "field": 0.14,  # what the two do, one against the other
        "topics": 0.11,
        "together": 0.03,
        "maturity": 0.06,  # how near the TRL offered is to the TRL needed
        "rights": 0.03,  # a patent granted or filed on the research that answers
        "place": 0.04,
        "seldom_shown": 0.08,  # less for who stands in many lists already; research organisations are few
    },
    judge=judge,
)
