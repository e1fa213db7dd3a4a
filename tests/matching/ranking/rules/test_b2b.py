"""Firm and firm, on small cases one can work out by hand."""

from dataclasses import replace

import pytest

from tests.matching.ranking.factories import firm, need, offer, only, ranked

PHOTONICS = "ict-photonics/photonics"


def test_b2b_prefers_who_makes_what_we_need():
    cutter = firm("a", needs=(need("Laser cutting of marble slabs"),))
    maker = firm("b", offers=(offer("Laser machines for cutting marble"),))
    weaver = firm("c", offers=(offer("Woollen yarn for fine looms"),))
    suggestion = only(cutter, "b2b", maker, weaver)
    assert suggestion.partner == "b"
    assert suggestion.contributions["their_offer"] > 0
    assert suggestion.contributions["our_offer"] == 0
    assert [(passage.yours, passage.theirs) for passage in suggestion.passages] == [
        ("Laser cutting of marble slabs", "Laser machines for cutting marble")
    ]


def test_b2b_wants_products_and_technologies_not_research_or_capital():
    cutter = firm("a", needs=(need("Laser cutting of marble", nature="research"),))
    for nature, count in (("product", 1), ("technology", 1), ("research", 0), ("capital", 0)):
        maker = firm("b", offers=(offer("Laser cutting of marble", nature=nature),))
        assert len(ranked(cutter, "b2b", maker)) == count


def test_being_near_and_of_other_size_is_no_reason_alone():
    assert ranked(firm("a"), "b2b", firm("b", kind="large-firm")) == []
    near = firm("b", kind="large-firm", topics=frozenset({PHOTONICS}))
    suggestion = only(firm("a", topics=frozenset({PHOTONICS})), "b2b", near)
    assert suggestion.contributions == {
        "their_offer": 0.0, "our_offer": 0.0, "facilities": 0.0, "topics": 0.11, "supply_chain": 0.0, "together": 0.0,
        "place": 0.06, "size": 0.03, "seldom_shown": 0.04,
    }  # fmt: skip
    assert suggestion.score == 0.24


@pytest.mark.parametrize(
    ("country", "nuts3", "value"), [("IT", "ITI14", 0.06), ("IT", "ITI17", 0.042), ("IT", None, 0.018), ("FR", None, 0)]
)
def test_place_by_province_region_and_country(country, nuts3, value):
    suggestion = only(
        firm("a", topics=frozenset({PHOTONICS})),
        "b2b",
        firm("b", topics=frozenset({PHOTONICS}), country=country, nuts3=nuts3),
    )
    assert suggestion.contributions["place"] == value


@pytest.mark.parametrize(
    ("own", "partner", "value"),
    [("25.62", "30.12", 1), ("30.12", "25.62.00", 1), ("25", "25", 0), ("99", "30", 0), (None, "30", 0), ("25.62", None, 0)],
)
def test_b2b_knows_which_trades_supply_each_other(own, partner, value):
    a, b = (firm(id, topics=frozenset({PHOTONICS}), ateco=(code,) if code else ()) for id, code in (("a", own), ("b", partner)))
    suggestion = only(a, "b2b", b)
    assert suggestion.features["supply_chain"] == value
    assert ("ATECO" in suggestion.reasons.it) is bool(value)
    assert ranked(replace(a, topics=frozenset()), "b2b", replace(b, topics=frozenset())) == []
