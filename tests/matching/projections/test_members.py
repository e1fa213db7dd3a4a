"""Folding members."""

from types import SimpleNamespace
from typing import cast

from services.matching.projections.members import MEMBERS, MemberRow, OfferRow, ProfileRow, TicketRow, fold_member
from shared.chassis.inbox.message import Received
from shared.contracts.base import DomainEvent
from shared.contracts.registry import (
    Identifier,
    MemberApplied,
    MemberApproved,
    MemberProfileRevised,
    MemberWithdrawn,
    Need,
    NeedPublished,
    NeedWithdrawn,
    Offer,
    OfferPublished,
    OfferWithdrawn,
    Place,
    Profile,
    Ticket,
)

RECEIVED = cast(Received, SimpleNamespace(id="m1", sequence=1))
APPLIED = MemberApplied(
    name="Anna",
    kind="sme",
    identifiers=(Identifier(scheme="pic", value="1"),),
    districts=("marble",),
    place=Place(country="IT"),
    profile=Profile(topics=("a/b",)),
)


def member_after(*events: DomainEvent) -> MemberRow:
    row = fold_member("m1", None, RECEIVED, APPLIED)
    for event in events:
        row = fold_member("m1", row, RECEIVED, event)
    return row


def test_a_member_is_approved_and_may_withdraw() -> None:
    assert member_after().status == "applied"
    assert member_after(MemberApproved()).status == "approved"
    assert member_after(MemberApproved(), MemberWithdrawn(reason="moved")).status == "withdrawn"


def test_offers_and_needs_come_and_go_by_their_ids() -> None:
    offer = Offer(nature="capital", title="Fund", ticket=Ticket(stages=("seed",), minimum=1))
    need = Need(nature="technology", title="Laser")
    row = member_after(OfferPublished(offer_id="o1", offer=offer), NeedPublished(need_id="n1", need=need))
    assert row.offers == {"o1": OfferRow("capital", "Fund", ticket=TicketRow(("seed",), 1, None))}
    assert set(row.needs) == {"n1"}
    emptied = fold_member("m1", row, RECEIVED, OfferWithdrawn(offer_id="o1"))
    assert fold_member("m1", emptied, RECEIVED, NeedWithdrawn(need_id="n1")) == member_after()


def test_a_revised_profile_replaces_the_old_one() -> None:
    revised = member_after(MemberProfileRevised(profile=Profile(summary="Marble", language="en")))
    assert revised.profile == ProfileRow("Marble", "en")


def test_a_row_is_read_as_it_was_written() -> None:
    row = member_after(OfferPublished(offer_id="o1", offer=Offer(nature="product", title="Slabs")))
    assert MEMBERS.read({"_id": "m1", **MEMBERS.dump(row)}) == row
