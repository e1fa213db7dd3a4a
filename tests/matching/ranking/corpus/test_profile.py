"""Reading members from the documents of the projection."""

import pytest

from services.matching.ranking import Member, Need, Offer, Round, Ticket, member_from_view

VIEW = {
    "name": "Cantieri Invenzione",
    "kind": "sme",
    "districts": ["nautical-ports", "marble"],
    "place": {"country": "IT", "nuts3": "ITI12", "city": "Viareggio"},
    "profile": {"summary": "Scafi", "language": "it", "topics": ["smart-factory/robotics"], "website": None},
    "offers": {
        "o2": {"nature": "product", "title": "Scafo"},
        "o1": {
            "nature": "capital",
            "title": "Fondo",
            "text": "Per cantieri",
            "language": "en",
            "topics": ["smart-factory/robotics"],
            "trl": None,
            "visibility": "district",
            "ticket": {"stages": ["seed"], "minimum": 1, "maximum": None},
        },
    },
    "needs": {"n1": {"nature": "capital", "title": "Round", "trl": 7, "round": {"stage": "seed", "amount": 5}, "revision": 3}},
    "status": "approved",
}


def test_a_whole_document_is_read_with_offers_in_the_order_of_their_ids():
    assert member_from_view("m1", VIEW) == Member(
        id="m1",
        name="Cantieri Invenzione",
        kind="sme",
        districts=frozenset({"nautical-ports", "marble"}),
        topics=frozenset({"smart-factory/robotics"}),
        country="IT",
        nuts3="ITI12",
        city="Viareggio",
        summary="Scafi",
        language="it",
        offers=(
            Offer(
                "o1",
                "capital",
                "Fondo",
                "Per cantieri",
                "en",
                ("smart-factory/robotics",),
                None,
                "district",
                Ticket(("seed",), 1, None),
            ),
            Offer("o2", "product", "Scafo"),
        ),
        needs=(Need("n1", "capital", "Round", trl=7, round=Round("seed", 5)),),
        approved=True,
    )


def test_only_an_approved_member_counts_as_one():
    assert not member_from_view("m1", {**VIEW, "status": "applied"}).approved
    assert not member_from_view("m1", {key: value for key, value in VIEW.items() if key != "status"}).approved


def test_a_document_without_offers_or_profile_is_read_and_one_without_a_kind_is_not():
    bare = {"name": "B", "kind": "sme", "place": {"country": "IT"}, "status": "approved"}
    assert member_from_view("b", bare) == Member("b", "B", "sme")
    with pytest.raises(KeyError):
        member_from_view("b", {key: value for key, value in bare.items() if key != "kind"})
