"""The rules of districts, members and contacts: what each refuses, and what changes nothing."""

import pytest

from services.registry import rules
from services.registry.state import Contact, Member, evolve_contact, evolve_district, evolve_member
from shared.chassis.errors import NotFound, Refusal
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.registry import ContactRecorded, DistrictOpened, Identifier, MemberApplied, Need, Offer, Place, Profile

MARBLE = DistrictOpened(name=LocalizedText(it="Marmo", en="Marble"), theme=LocalizedText(it="Pietre", en="Stones"))
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
        state = evolve_member(state, event)
    assert state is not None
    return state


def approved(**offers: Offer) -> Member:
    events = rules.admit(None, APPLIED, offers, {})
    return member_after(*events[1:])


def test_a_district_is_opened_once() -> None:
    [opened] = rules.open_district(None, MARBLE)
    state = evolve_district(None, opened)
    assert rules.open_district(state, MARBLE) == []
    with pytest.raises(Refusal, match="district-exists"):
        rules.open_district(state, MARBLE.model_copy(update={"theme": MARBLE.name}))


def test_an_application_is_approved_or_refused_once() -> None:
    [approval], applied = rules.approve(member_after()), member_after()
    member = evolve_member(applied, approval)
    assert (member.status, list(rules.approve(member))) == ("approved", [])
    with pytest.raises(Refusal, match="member-status"):
        rules.refuse(member, "late")
    [refusal] = rules.refuse(applied, "incomplete")
    refused = evolve_member(applied, refusal)
    assert (refused.status, refused.reason) == ("refused", "incomplete")
    with pytest.raises(Refusal, match="member-status"):
        rules.approve(refused)


def test_identifiers_are_claimed_by_members_only() -> None:
    member = approved()
    [withdrawal] = rules.withdraw(member, "moved")
    states = (member_after(), member, evolve_member(member, withdrawal))
    alone = ["pic:123456789"]
    assert [list(rules.identity_claims("m", state)) for state in states] == [[], alone, []]
    shared = ["vat:IT00743110157"]
    assert [list(rules.shared_identity_claims("m", state)) for state in states] == [[], shared, []]


def test_an_application_is_taken_back_until_it_is_decided() -> None:
    [taken_back] = rules.withdraw(member_after(), "a mistake")
    withdrawn = evolve_member(member_after(), taken_back)
    assert (withdrawn.status, withdrawn.reason) == ("withdrawn", "a mistake")
    for decision in (rules.approve, lambda state: rules.refuse(state, "late"), lambda state: rules.withdraw(state, "again")):
        with pytest.raises(Refusal, match="member-status"):
            decision(withdrawn)


def test_an_equal_profile_changes_nothing() -> None:
    member = approved()
    assert rules.revise_profile(member, APPLIED.profile) == []
    [revised] = rules.revise_profile(member, Profile(summary="Lastre", ateco=("23.70",)))
    assert evolve_member(member, revised).profile.ateco == ("23.70",)


def test_offers_and_needs_are_an_approved_members_and_at_most_fifty() -> None:
    with pytest.raises(Refusal, match="member-status"):
        rules.publish_offer(member_after(), "o1", OFFER)
    member = approved(**{f"o{number}": OFFER for number in range(rules.MOST_OFFERS)})
    with pytest.raises(Refusal, match="too-many-offers") as refusal:
        rules.publish_offer(member, "another", OFFER)
    assert [error.field for error in refusal.value.errors] == ["offers"]
    [published] = rules.publish_need(member, "n1", NEED)
    needing = evolve_member(member, published)
    [withdrawn] = rules.withdraw_need(needing, "n1")
    assert (list(needing.needs), dict(evolve_member(needing, withdrawn).needs)) == (["n1"], {})
    [offer_withdrawn] = rules.withdraw_offer(member, "o7")
    assert "o7" not in evolve_member(member, offer_withdrawn).offers


@pytest.mark.parametrize("rule", [rules.withdraw_offer, rules.withdraw_need])
def test_an_unknown_offer_or_need_is_not_found(rule: type) -> None:
    with pytest.raises(NotFound, match="part-unknown"):
        rule(approved(), "nothing")
    with pytest.raises(NotFound, match="member-unknown"):
        rule(None, "nothing")


def test_an_import_replaces_no_contact() -> None:
    first = ContactRecorded(member_id="m", name="Rita", email="rita@x.example", language="it")
    second = first.model_copy(update={"email": "r@x.example"})
    contact = evolve_contact(None, first)
    assert contact == Contact("m", "Rita", "rita@x.example", "it")
    assert (list(rules.record_contact(contact, first)), list(rules.record_contact(contact, second))) == ([], [second])
    assert (list(rules.first_contact(None, first)), list(rules.first_contact(contact, second))) == ([first], [])
