"""The rules of members: what each refuses, and what changes nothing."""

import pytest

from services.registry.member import rules
from services.registry.member.state import Member, evolve
from shared.chassis.errors import NotFound, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.registry import Identifier, MemberApplied, Need, Offer, Place, Profile

OFFER = Offer(nature="product", title="Lastre")
NEED = Need(nature="research", title="Taglio a filo")
APPLIED = MemberApplied(
    name="Esempio Marmi",
    kind="sme",
    identifiers=(Identifier(scheme="pic", value="123456789"), Identifier(scheme="vat", value="IT00743110157")),
    districts=("marble",),
    place=Place(country="IT"),
    profile=Profile(summary="Taglio di precisione"),
)


def member_after(*events: DomainEvent) -> Member:
    state = None
    for event in (APPLIED, *events):
        state = evolve(state, event)
    assert state is not None
    return state


def approved(**offers: Offer) -> Member:
    events = rules.admit(None, APPLIED, offers, {})
    return member_after(*events[1:])


def test_an_application_is_approved_or_refused_once() -> None:
    [approval], applied = rules.approve(member_after()), member_after()
    member = evolve(applied, approval)
    assert (member.status, list(rules.approve(member))) == ("approved", [])
    with pytest.raises(Refusal, match="member-status"):
        rules.refuse(member, "late")
    [refusal] = rules.refuse(applied, "incomplete")
    refused = evolve(applied, refusal)
    assert (refused.status, refused.reason) == ("refused", "incomplete")
    with pytest.raises(Refusal, match="member-status"):
        rules.approve(refused)


def test_identifiers_are_claimed_by_members_only() -> None:
    member = approved()
    [withdrawal] = rules.withdraw(member, "moved")
    states = (member_after(), member, evolve(member, withdrawal))
    alone = ["pic:123456789"]
    assert [list(rules.identity_claims("m", state)) for state in states] == [[], alone, []]
    shared = ["vat:IT00743110157"]
    assert [list(rules.shared_identity_claims("m", state)) for state in states] == [[], shared, []]


def test_an_application_is_taken_back_until_it_is_decided() -> None:
    [taken_back] = rules.withdraw(member_after(), "a mistake")
    withdrawn = evolve(member_after(), taken_back)
    assert (withdrawn.status, withdrawn.reason) == ("withdrawn", "a mistake")
    for decision in (rules.approve, lambda state: rules.refuse(state, "late"), lambda state: rules.withdraw(state, "again")):
        with pytest.raises(Refusal, match="member-status"):
            decision(withdrawn)


def test_an_equal_profile_changes_nothing() -> None:
    member = approved()
    assert rules.revise_profile(member, APPLIED.profile) == []
    [revised] = rules.revise_profile(member, Profile(summary="Lastre", ateco=("23.70",)))
    assert evolve(member, revised).profile.ateco == ("23.70",)


def test_offers_and_needs_are_an_approved_members_and_at_most_fifty() -> None:
    with pytest.raises(Refusal, match="member-status"):
        rules.publish_offer(member_after(), "o1", OFFER)
    member = approved(**{f"o{number}": OFFER for number in range(rules.MOST_OFFERS)})
    with pytest.raises(Refusal, match="too-many-offers") as refusal:
        rules.publish_offer(member, "another", OFFER)
    assert [error.field for error in refusal.value.errors] == ["offers"]
    [published] = rules.publish_need(member, "n1", NEED)
    needing = evolve(member, published)
    [withdrawn] = rules.withdraw_need(needing, "n1")
    assert (list(needing.needs), dict(evolve(needing, withdrawn).needs)) == (["n1"], {})
    [offer_withdrawn] = rules.withdraw_offer(member, "o7")
    assert "o7" not in evolve(member, offer_withdrawn).offers


@pytest.mark.parametrize("rule", [rules.withdraw_offer, rules.withdraw_need])
def test_an_unknown_offer_or_need_is_not_found(rule: type) -> None:
    with pytest.raises(NotFound, match="part-unknown"):
        rule(approved(), "nothing")
    with pytest.raises(NotFound, match="member-unknown"):
        rule(None, "nothing")
