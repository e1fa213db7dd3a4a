"""Whom an index lists: what is visible, who is approved, and what a list may say."""

from dataclasses import replace

import pytest

from services.matching.ranking import Collaboration, Round, ShortlistIndex, Ticket
from tests.matching.ranking.factories import firm, fund, need, offer, only, ranked

PHOTONICS, NANO = "ict-photonics/photonics", "chemistry-nanotech/nanomaterials"


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
