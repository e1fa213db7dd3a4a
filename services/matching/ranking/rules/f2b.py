"""Financial operator and firm: the capital offered suits the round sought, and the operator knows the sector."""

import numpy as np

from services.matching.ranking.arrays import Bools, Floats, Ints
from services.matching.ranking.corpus.documents import Documents
from services.matching.ranking.rules.features import Evaluation, Match, Pairs, Rule

# Score of a round one stage away from those the operator names.
ADJACENT_STAGE = 0.5


def evaluate(pairs: Pairs) -> Evaluation:
    """Compare a financial operator with firms, or a firm with operators.

    A suggestion needs an offer and a need of capital whose stages do not contradict each other.
    """
    documents = pairs.documents
    offers, needs = documents.offers(("capital",)), documents.needs(("capital",))
    operator = documents.summaries | offers
    firm = documents.summaries | documents.offers() | documents.needs()
    is_operator = pairs.kind == "financial-operator"
    capital = _capital(pairs, offers, needs) if is_operator else _capital(pairs, needs, offers)
    sector = pairs.match(operator, firm) if is_operator else pairs.match(firm, operator)
    offers_matched, needs_matched = (capital.own, capital.partner) if is_operator else (capital.partner, capital.own)
    stage, ticket, _ = terms(documents, offers_matched, needs_matched)
    reason = (capital.value > 0) & ((stage + ticket + sector.value + pairs.topic_similarity) > 0)
    features = {
        "stage": stage,
        "ticket": ticket,
        "sector": sector.value,
        "topics": pairs.topic_similarity,
        "together": pairs.relationships.closeness,
        "experience": np.full(len(stage), pairs.relationships.own_experience) if is_operator else pairs.relationships.experience,
        "place": pairs.place,
        "seldom_shown": pairs.seldom_shown,
    }
    return Evaluation({name: value * reason for name, value in features.items()}, {"capital": capital, "sector": sector})


def terms(documents: Documents, offers: Ints, needs: Ints) -> tuple[Floats, Floats, Bools]:
    """Compare capital offers with capital needs, by row, the two arrays broadcast against each other.

    Gives the stage fit (1 named, `ADJACENT_STAGE` beside a named one), the ticket fit (1 within, else the ratio of the
    amount and the nearer bound), each 0 where not stated; and whether the stages leave the pair possible.
    """
    stages = documents.padded_stages
    stage = documents.stage[needs] + 1
    stated = stages[offers].any(axis=-1) & (stage > 0)
    last = stages.shape[1] - 1
    adjacent = stages[offers, np.maximum(stage - 1, 0)] | stages[offers, np.minimum(stage + 1, last)]
    fit = np.where(stages[offers, stage], 1.0, np.where(adjacent, ADJACENT_STAGE, 0.0)) * stated
    minimum, maximum, amount = documents.minimum[offers], documents.maximum[offers], documents.amount[needs]
    low, high = np.nan_to_num(minimum, nan=0.0), np.nan_to_num(maximum, nan=np.inf)
    bounded = ~(np.isnan(minimum) & np.isnan(maximum)) & ~np.isnan(amount)
    # `np.maximum` avoids a division by zero; where it applies the quotient is not used.
    under, over = amount / np.maximum(low, 1.0), high / np.maximum(amount, 1.0)
    ticket = np.where(bounded, np.where(amount < low, under, np.where(amount > high, over, 1.0)), 0.0)
    return fit, ticket, ~stated | (fit > 0)


def _capital(pairs: Pairs, own: Bools, partner: Bools) -> Match:
    """Pick, for each candidate, the possible pair of capital documents with the best terms."""
    documents, visible = pairs.documents, partner[pairs.columns] & pairs.visible
    rows, columns = np.flatnonzero(own[pairs.rows] & pairs.own_visible), np.flatnonzero(visible)
    own_documents, partner_documents = np.ix_(rows + pairs.rows.start, pairs.columns[columns])
    is_operator = pairs.kind == "financial-operator"
    stage, ticket, possible = (
        terms(documents, own_documents, partner_documents) if is_operator else terms(documents, partner_documents, own_documents)
    )
    suitability = 1.0 + RULE.weights["stage"] * stage + RULE.weights["ticket"] * ticket
    values = np.zeros((len(rows), len(visible)))
    values[:, columns] = np.where(possible, suitability, 0.0)
    return pairs.best(values, rows, visible)


RULE = Rule(
    mode="f2b",
    version="f2b-3",
    # Set by hand: stage and ticket decide whether a deal is possible, the sector with whom. Known deals weigh most, since a
    # few operators made most of those we know; with half the weight the rule does worse than the count of deals alone.
    weights={
        "stage": 0.20,
        "ticket": 0.15,
        "sector": 0.15,
        "topics": 0.10,
        "experience": 0.30,  # known deals of the operator
        "together": 0.02,
        "place": 0.04,
        "seldom_shown": 0.04,  # lower for members listed by many already
    },
    evaluate=evaluate,
)
