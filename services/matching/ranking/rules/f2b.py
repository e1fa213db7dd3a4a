"""Financial operator and firm: the capital offered suits the round sought, and the operator knows the sector."""

import numpy as np

from services.matching.ranking.corpus.documents import Bools, Documents, Floats, Ints
from services.matching.ranking.rules.features import Judgement, Match, Pairs, Rule

# A round one stage away from those the operator names.
NEXT_STAGE = 0.5


def judge(pairs: Pairs) -> Judgement:
    """Compare a financial operator with firms, or a firm with operators.

    There is nothing to suggest without an offer and a need of capital whose stages do not contradict each other.
    """
    documents = pairs.documents
    offers, needs = documents.offers(("capital",)), documents.needs(("capital",))
    operator = documents.summaries | offers
    firm = documents.summaries | documents.offers() | documents.needs()
    lends = pairs.kind == "financial-operator"
    capital = _capital(pairs, offers, needs) if lends else _capital(pairs, needs, offers)
    sector = pairs.match(operator, firm) if lends else pairs.match(firm, operator)
    offered, sought = (capital.mine, capital.theirs) if lends else (capital.theirs, capital.mine)
    stage, ticket, _ = terms(documents, offered, sought)
    reason = (capital.value > 0) & ((stage + ticket + sector.value + pairs.topics) > 0)
    features = {
        "stage": stage,
        "ticket": ticket,
        "sector": sector.value,
        "topics": pairs.topics,
        "together": pairs.known.closeness,
        "experience": np.full(len(stage), pairs.known.own_experience) if lends else pairs.known.experience,
        "place": pairs.place,
        "seldom_shown": pairs.seldom_shown,
    }
    return Judgement({name: value * reason for name, value in features.items()}, {"capital": capital, "sector": sector})


def terms(documents: Documents, offers: Ints, needs: Ints) -> tuple[Floats, Floats, Bools]:
    """Compare capital offers with capital needs, by row, the two arrays broadcast against each other.

    Gives the stage fit (1 named, `NEXT_STAGE` next to a named one), the ticket fit (1 within, else the ratio of the
    amount and the nearer bound), each 0 where not stated; and whether the stages leave the pair possible.
    """
    stages = documents.stages_beside
    stage = documents.stage[needs] + 1
    stated = stages[offers].any(axis=-1) & (stage > 0)
    last = stages.shape[1] - 1
    beside = stages[offers, np.maximum(stage - 1, 0)] | stages[offers, np.minimum(stage + 1, last)]
    fit = np.where(stages[offers, stage], 1.0, np.where(beside, NEXT_STAGE, 0.0)) * stated
    minimum, maximum, amount = documents.minimum[offers], documents.maximum[offers], documents.amount[needs]
    low, high = np.nan_to_num(minimum, nan=0.0), np.nan_to_num(maximum, nan=np.inf)
    bounded = ~(np.isnan(minimum) & np.isnan(maximum)) & ~np.isnan(amount)
    # The ones below only stand in for divisors that are not used.
    under, over = amount / np.maximum(low, 1.0), high / np.maximum(amount, 1.0)
    ticket = np.where(bounded, np.where(amount < low, under, np.where(amount > high, over, 1.0)), 0.0)
    return fit, ticket, ~stated | (fit > 0)


def _capital(pairs: Pairs, mine: Bools, theirs: Bools) -> Match:
    """Pick the pair of capital documents that suit each other best with each member, among the possible ones."""
    documents, seen = pairs.documents, theirs[pairs.columns] & pairs.visible
    rows, columns = np.flatnonzero(mine[pairs.rows] & pairs.own), np.flatnonzero(seen)
    ours, others = np.ix_(rows + pairs.rows.start, pairs.columns[columns])
    lends = pairs.kind == "financial-operator"
    stage, ticket, possible = terms(documents, ours, others) if lends else terms(documents, others, ours)
    suits = 1.0 + RULE.weights["stage"] * stage + RULE.weights["ticket"] * ticket
    values = np.zeros((len(rows), len(seen)))
    values[:, columns] = np.where(possible, suits, 0.0)
    return pairs.best(values, rows, seen)


RULE = Rule(
    mode="f2b",
    version="f2b-3",
    # Set by hand: stage and ticket decide whether there is anything to talk about, the sector with whom. Deals known weigh
    # most, since of the deals we know a few operators made most; with half the weight it does worse than deals alone.
    weights={
        "stage": 0.20,
        "ticket": 0.15,
        "sector": 0.15,
        "topics": 0.10,
        "experience": 0.30,  # deals known of the operator
        "together": 0.02,
        "place": 0.04,
        "seldom_shown": 0.04,  # less for who stands in many lists already
    },
    judge=judge,
)
