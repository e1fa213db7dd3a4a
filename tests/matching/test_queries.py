"""Parsing members from the documents of the projection."""

import pytest

from services.matching.projections.members import MEMBERS
from services.matching.queries import parse_member
from services.matching.ranking import Member, Need, Offer, Round, Ticket
from shared.chassis.mongo import Document

DOCUMENT: Document = {
    "_id": "m1",
    "name": "Cantieri Invenzione",
    "kind": "sme",
    "districts": ["nautical-ports", "marble"],
    "place": {"country": "IT", "nuts3": "ITI12", "city": "Viareggio"},
    "profile": {"summary": "Scafi", "language": "it", "topics": ["smart-factory/robotics"], "website": None, "ateco": []},
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


def test_a_document_is_parsed_with_offers_in_the_order_of_their_ids() -> None:
    fund = Offer(
        id="o1",
        nature="capital",
        title="Fondo",
        text="Per cantieri",
        language="en",
        topics=("smart-factory/robotics",),
        visibility="district",
        ticket=Ticket(("seed",), 1, None),
    )
    assert parse_member(DOCUMENT) == Member(
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
        offers=(fund, Offer("o2", "product", "Scafo")),
        needs=(Need("n1", "capital", "Round", trl=7, round=Round("seed", 5)),),
        approved=True,
    )


def test_only_a_member_with_that_status_is_approved() -> None:
    assert not parse_member({**DOCUMENT, "status": "applied"}).approved


def test_a_document_that_lacks_a_field_is_refused() -> None:
    with pytest.raises(ValueError, match="kind"):
        MEMBERS.read({key: value for key, value in DOCUMENT.items() if key != "kind"})
