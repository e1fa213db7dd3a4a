"""Financial operator and firm, on small cases one can work out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from services.matching.ranking import Round, Ticket
from services.matching.ranking.corpus.documents import Documents
from services.matching.ranking.rules.f2b import RULE as F2B
from services.matching.ranking.rules.f2b import terms
from tests.matching.ranking.factories import firm, fund, need, offer, only, ranked

PHOTONICS = "ict-photonics/photonics"


def seeking_capital(id="f", **terms):
    return firm(id, needs=(need("Investment round", nature="capital", round=Round(**terms)),))


def lending(id="c", **terms):
    return fund(id, offers=(offer("Seed capital", nature="capital", ticket=Ticket(**terms)),))


@pytest.mark.parametrize(
    ("stages", "stage", "value"), [(("seed",), "seed", 1.0), (("seed", "later"), "early", 0.5), (("early",), "pre-seed", None)]
)
def test_f2b_stage_named_next_or_contradicted(stages, stage, value):
    lender, firm_ = lending(stages=stages, minimum=1, maximum=9), seeking_capital(stage=stage, amount=5)
    for viewer, partner in ((lender, firm_), (firm_, lender)):
        suggestions = ranked(viewer, "f2b", partner)
        assert [suggestion.features["stage"] for suggestion in suggestions] == ([] if value is None else [value])


@pytest.mark.parametrize(
    ("minimum", "maximum", "amount", "fit"),
    [
        (100, 500, 300, 1.0),
        (100, 500, 50, 0.5),
        (100, 500, 1000, 0.5),
        (100, None, 1000, 1.0),
        (None, 500, 1000, 0.5),
        (None, None, 300, 0.0),
        (100, 500, None, 0.0),
        (0, 0, 0, 1.0),
    ],
)
def test_f2b_ticket_against_amount(minimum, maximum, amount, fit):
    documents = Documents([lending(minimum=minimum, maximum=maximum), seeking_capital(amount=amount)])
    stage, ticket, possible = terms(documents, np.array([1]), np.array([3]))
    assert (stage[0], ticket[0], possible[0]) == (0.0, fit, True)


def test_f2b_takes_the_best_pair_of_terms():
    lender = lending(stages=("growth",), minimum=5_000_000, maximum=9_000_000)
    seed = offer("Small tickets", id="o2", nature="capital", ticket=Ticket(("seed",), 100_000, 400_000))
    lender = replace(lender, offers=(*lender.offers, seed))
    suggestion = only(lender, "f2b", seeking_capital(stage="seed", amount=200_000))
    assert (suggestion.contributions["stage"], suggestion.contributions["ticket"]) == (F2B.weights["stage"], F2B.weights["ticket"])
    assert suggestion.passages[0].yours == "Small tickets"


def test_f2b_needs_capital_on_both_sides():
    maker = firm("f", offers=(offer("Graphene hulls"),), topics=frozenset({PHOTONICS}))
    assert ranked(replace(lending(), topics=frozenset({PHOTONICS})), "f2b", maker) == []
