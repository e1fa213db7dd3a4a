"""Research organisation and firm, on small cases one can work out by hand."""

import pytest

from tests.matching.ranking.factories import firm, lab, need, offer, only


@pytest.mark.parametrize(("offered", "sought", "value"), [(5, 5, 0.06), (4, 6, 0.03), (2, 9, 0), (None, 5, 0)])
def test_r2b_maturity_falls_with_the_distance_of_the_levels(offered, sought, value):
    research = lab("r", offers=(offer("Graphene coating of hulls", nature="research", trl=offered),))
    yard = firm("y", needs=(need("Coating of yacht hulls with graphene", nature="product", trl=sought),))
    for viewer, partner in ((research, yard), (yard, research)):
        assert only(viewer, "r2b", partner).contributions["maturity"] == value


@pytest.mark.parametrize(("ipr", "value"), [("granted", 1.0), ("filed", 0.6), ("none", 0.0), (None, 0.0)])
def test_r2b_counts_the_rights_on_the_research_that_answers(ipr, value):
    research = lab("r", offers=(offer("Graphene coating of hulls", nature="research", ipr=ipr),))
    yard = firm("y", needs=(need("Coating of yacht hulls with graphene"),), offers=(offer("Hulls", ipr="granted"),))
    for viewer, partner in ((research, yard), (yard, research)):
        assert only(viewer, "r2b", partner).features["rights"] == value
