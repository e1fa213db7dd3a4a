"""What this service knows of districts, members and introductions, folded from the events of others."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from services.events.projections import fold_district, fold_introduction, fold_member
from services.events.rows import District, Introduction, Member
from shared.chassis.inbox.message import Received
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.matching import InterestExpressed, IntroductionMade
from shared.contracts.registry import DistrictOpened, MemberApproved, MemberRefused, MemberWithdrawn, OfferWithdrawn
from tests.events.factories import member

RECEIVED = cast(Received, None)
"""The folds read the event alone."""
NAME = LocalizedText(it="Marmo", en="Marble")
INTEREST = InterestExpressed(mode="r2b", by="bruno", towards="anna")
MADE = IntroductionMade(mode="r2b", members=("bruno", "anna"))


def folded(fold: Callable[[str, Any, Received, DomainEvent], Any], *events: DomainEvent) -> Any:
    row = None
    for event in events:
        row = fold("id", row, RECEIVED, event)
    return row


def test_a_district_is_known_by_its_name_and_nothing_else() -> None:
    assert folded(fold_district, DistrictOpened(name=NAME, theme=NAME), member("anna")) == District(NAME)


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (MemberApproved(), "approved"),
        (MemberRefused(reason="Fuori distretto"), "refused"),
        (MemberWithdrawn(reason="Chiusa"), "withdrawn"),
    ],
)
def test_a_member_has_the_status_of_its_last_event(event: DomainEvent, status: Any) -> None:
    assert folded(fold_member, member("Firm")) == Member("Firm", "sme", "applied", ("marble",))
    assert folded(fold_member, member("Firm"), event) == Member("Firm", "sme", status, ("marble",))
    assert folded(fold_member, member("Firm"), event, OfferWithdrawn(offer_id="o")) == folded(fold_member, member("Firm"), event)


def test_a_member_that_was_forgotten_does_not_come_back_by_a_later_event() -> None:
    assert folded(fold_member, MemberApproved()) is None


def test_an_introduction_that_was_made_stays_made_whoever_is_interested_since() -> None:
    interested = Introduction(("anna", "bruno"), "r2b", introduced=False)
    introduced = Introduction(("anna", "bruno"), "r2b", introduced=True)
    assert folded(fold_introduction, INTEREST) == interested
    assert folded(fold_introduction, INTEREST, MADE) == folded(fold_introduction, MADE, INTEREST) == introduced
