"""Districts, members and contacts."""

from typing import Any

from hypothesis import strategies as st

from services.registry.bulk_import.schemas import ImportLine
from services.registry.bulk_import.validation import check_line
from services.registry.contact.aggregate import CONTACT
from services.registry.contact.rules import record_contact
from services.registry.contact.schemas import ContactDetails
from services.registry.district.aggregate import DISTRICT
from services.registry.district.rules import open_district
from services.registry.district.schemas import DistrictOpening
from services.registry.member import rules
from services.registry.member.aggregate import MEMBER
from services.registry.member.schemas import Application, Reason
from services.registry.member.validation import check_application
from shared.contracts.human_text import HumanText
from shared.contracts.registry import ContactRecorded, DistrictOpened, Identifier, Need, Offer, Place, Profile
from tests.system.properties.commands.id_pools import DISTRICTS, TOPICS, district_ids, member_ids, part_ids
from tests.system.properties.in_memory_world import Act
from tests.system.properties.value_strategies import human_texts, model

contacts = model(ContactDetails, email=st.sampled_from(["r@x.example", "R.O+s@a-b.it"]))
reasons = model(Reason)
topics = st.lists(st.sampled_from(TOPICS), max_size=3).map(tuple)
profiles = model(Profile, topics=topics, website=st.none(), ateco=st.sampled_from([(), ("25.62",)]))
offers = model(Offer, topics=topics)
needs = model(Need, topics=topics)
identifiers = st.one_of(
    st.sampled_from(
        [
            Identifier(scheme="vat", value="00743110157"),
            Identifier(scheme="vat", value="it 00743110157"),
            Identifier(scheme="fiscal-code", value="80012000826"),
            Identifier(scheme="pic", value="999470541"),
            Identifier(scheme="register", value="cordis:999470541"),
            Identifier(scheme="name", value="IT:Perché no s.r.l."),
        ]
    ),
    st.builds(Identifier, scheme=st.just("name"), value=human_texts(HumanText(197)).map(lambda name: f"IT:{name}")),
    model(Identifier),
)
applied_by = {
    "place": st.builds(Place, country=st.sampled_from(["IT", "GR", "XK"])),
    "districts": st.lists(district_ids, min_size=1, max_size=3),
    "identifiers": st.lists(identifiers, min_size=1, max_size=3),
}


@st.composite
def district_acts(draw: st.DrawFn) -> Act:
    """Open a district."""
    opening: Any = draw(model(DistrictOpening, id=district_ids))
    opened = DistrictOpened(name=opening.name, theme=opening.theme)
    return lambda world: world.do(DISTRICT, opening.id, lambda state: open_district(state, opened))


@st.composite
def member_acts(draw: st.DrawFn) -> Act:
    """Anything a member or its manager does in the registry."""
    id, part, reason = draw(member_ids), draw(part_ids), draw(reasons).reason
    rule = draw(st.sampled_from(["apply", "admit", "approve", "approve", "refuse", "withdraw", "revise", "offer", "need", "drop"]))

    def apply(application: Any) -> Act:
        def decide(state: Any) -> Any:
            return rules.apply(state, check_application(application, set(DISTRICTS)))

        return lambda world: world.do(MEMBER, id, decide)

    def admit(line: Any) -> Act:
        def decide(state: Any) -> Any:
            applied = check_line(line, set(DISTRICTS))
            offers_by_id = {f"o{number}": offer for number, offer in enumerate(line.offers, 1)}
            needs_by_id = {f"n{number}": need for number, need in enumerate(line.needs, 1)}
            return rules.admit(state, applied, offers_by_id, needs_by_id)

        return lambda world: world.do(MEMBER, id, decide)

    if rule == "apply":
        return apply(draw(model(Application, profile=profiles, **applied_by)))
    if rule == "admit":
        several = {"contact": st.none() | contacts, "offers": st.lists(offers, max_size=2), "needs": st.lists(needs, max_size=2)}
        return admit(draw(model(ImportLine, profile=profiles, **several, **applied_by)))
    if rule == "revise":
        profile = draw(profiles)
        return lambda world: world.do(MEMBER, id, lambda state: rules.revise_profile(state, profile))
    if rule == "offer":
        offer = draw(offers)
        return lambda world: world.do(MEMBER, id, lambda state: rules.publish_offer(state, part, offer))
    if rule == "need":
        need = draw(needs)
        return lambda world: world.do(MEMBER, id, lambda state: rules.publish_need(state, part, need))
    if rule == "drop":
        drop = draw(st.sampled_from([rules.withdraw_offer, rules.withdraw_need]))
        return lambda world: world.do(MEMBER, id, lambda state: drop(state, part))
    if rule == "approve":
        return lambda world: world.do(MEMBER, id, rules.approve)
    leave = rules.refuse if rule == "refuse" else rules.withdraw
    return lambda world: world.do(MEMBER, id, lambda state: leave(state, reason))


@st.composite
def contact_acts(draw: st.DrawFn) -> Act:
    """Record whom to write to."""
    id, contact = draw(member_ids), draw(contacts)
    recorded = ContactRecorded(member_id=id, **contact.model_dump())
    return lambda world: world.do(CONTACT, id, lambda state: record_contact(state, recorded))
