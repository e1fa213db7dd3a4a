"""The three rules on small cases one can work out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from services.matching.ranking import Collaboration, Round, ShortlistIndex, Ticket
from services.matching.ranking.corpus.documents import Documents
from services.matching.ranking.rules.f2b import RULE as F2B
from services.matching.ranking.rules.f2b import terms
from services.matching.ranking.rules.r2b import RULE as R2B
from tests.matching.ranking.factories import firm, fund, lab, need, offer

PHOTONICS, NANO = "ict-photonics/photonics", "chemistry-nanotech/nanomaterials"


def ranked(viewer, mode, *candidates, limit=20):
    return ShortlistIndex([viewer, *candidates]).shortlist(viewer.id, limit)[mode]


def only(viewer, mode, *candidates):
    (suggestion,) = ranked(viewer, mode, *candidates)
    return suggestion


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


@pytest.mark.parametrize(("mode", "kind"), [("b2b", "large-firm"), ("r2b", "research-organisation")])
def test_a_facility_answers_the_need_for_one_and_no_other(mode, kind):
    tank = firm("t", kind=kind, offers=(offer("Towing tank for hulls", nature="research", facility=True),))
    yard = firm("y", needs=(need("Towing tank to test hulls", facility=True),))
    for viewer, partner in ((tank, yard), (yard, tank)):
        suggestion = only(viewer, mode, partner)
        assert suggestion.features["facilities"] > 0.5
        assert {passage.feature for passage in suggestion.passages} == {"our_facility" if viewer is tank else "their_facility"}
    assert ranked(yard, mode, replace(tank, offers=(replace(tank.offers[0], facility=False),))) == []


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


def test_many_weak_offers_raise_the_best_by_half_at_most_and_do_not_beat_one_that_answers():
    yard = firm("y", needs=(need("Coating of hulls"),))
    weak = [offer("Coating for looms", id=f"o{number}") for number in range(40)]
    group = lab("single", offers=tuple(weak[:1])), lab("crowd", offers=tuple(weak)), lab("answer", offers=(offer("Hull coating"),))
    values = {suggestion.partner: suggestion.contributions["research_for_need"] for suggestion in ranked(yard, "r2b", *group)}
    assert values["crowd"] == pytest.approx(1.5 * values["single"], abs=2e-6)
    assert values["crowd"] < values["answer"] == R2B.weights["research_for_need"]


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


def test_an_offer_restricted_to_the_district_counts_for_its_members_only():
    maker = firm("b", offers=(offer("Laser machines for cutting marble", visibility="district", topics=(PHOTONICS,)),))
    neighbour = firm("a", needs=(need("Laser cutting of marble"),), topics=frozenset({PHOTONICS}))
    outsider = replace(neighbour, id="c", districts=frozenset({"fashion"}))
    suggestion = only(neighbour, "b2b", maker)
    assert suggestion.contributions["their_offer"] > 0
    assert suggestion.contributions["topics"] > 0
    assert ranked(outsider, "b2b", maker) == []


def test_an_offer_restricted_to_the_district_does_not_change_what_an_outsider_sees_of_its_owner_or_of_others():
    maker = firm("b", offers=(offer("Laser machines for cutting granite"),), topics=frozenset({PHOTONICS}))
    partner = firm("d", offers=(offer("Cutting tables for wool"),))
    local = firm("s", needs=(need("Laser cutting of leather"),), topics=frozenset({PHOTONICS, NANO}))
    outsider = replace(local, districts=frozenset({"fashion"}))
    hidden = tuple(offer("Laser for leather", id=f"h{number}", visibility="district", topics=(NANO,)) for number in range(3))
    extended = replace(maker, offers=(*maker.offers, *hidden))
    suggestions = ranked(outsider, "b2b", maker, partner)
    assert [suggestion.partner for suggestion in suggestions] == ["b", "d"]
    assert ranked(outsider, "b2b", extended, partner) == suggestions
    assert ranked(local, "b2b", extended, partner) != ranked(local, "b2b", maker, partner)


def test_who_is_not_approved_is_neither_shown_nor_served():
    cutter = firm("a", needs=(need("Laser cutting"),))
    maker = firm("b", offers=(offer("Laser cutting"),), approved=False)
    index = ShortlistIndex([cutter, maker])
    assert index.shortlist("a") == {"b2b": []}
    with pytest.raises(KeyError):
        index.shortlist("b")


def test_an_id_that_comes_twice_is_an_error():
    with pytest.raises(ValueError, match="twice"):
        ShortlistIndex([firm("a"), firm("a")])


def test_an_index_of_nobody_knows_nobody():
    with pytest.raises(KeyError):
        ShortlistIndex([]).shortlist("a")


def test_without_collaborations_nothing_is_stated_about_them():
    """Where nobody's investments are known, none is listed as having few."""
    seeker = firm("a", needs=(need("Growth round for marble robots", nature="capital", round=Round("seed", 1_000_000)),))
    lender = fund("b", offers=(offer("Capital for marble", nature="capital", ticket=Ticket(("seed",))),))
    alone = only(seeker, "f2b", lender)
    assert alone.features["experience"] == 0
    assert "known investments" not in alone.shortcomings.en
    assert "worked together" not in alone.shortcomings.en
    (beside_collaborations,) = ShortlistIndex([seeker, lender, firm("c")], [Collaboration("w", ("b", "c"), "A deal")]).shortlist(
        "a"
    )["f2b"]
    assert "known investments" in beside_collaborations.shortcomings.en
