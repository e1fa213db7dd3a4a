"""Commands of every service as acts in a world, made from the models their APIs take. Ids come from small pools."""

from typing import Any

from hypothesis import strategies as st

from services.events.announcement import Announcement, check_announcement
from services.events.api.meetings import Acceptance, Declining, Request
from services.events.api.registrations import Registering
from services.events.domain import agendas, attendance, brokerage, meetings, registrations
from services.events.store import AGENDA, BROKERAGE, MEETING, REGISTRATION, group_id, registration_id
from services.matching import domain as matching
from services.matching.api.interests import Decline, Interest
from services.matching.store import INTRODUCTION
from services.notifications import domain as notifications
from services.notifications.store import DELIVERY
from services.registry import api as registry_api
from services.registry import application
from services.registry import domain as registry
from services.registry.store import CONTACT, DISTRICT, MEMBER
from shared.contracts.events import (
    AgendaPublished,
    BrokerageEventAnnounced,
    BrokerageEventDrafted,
    FeedbackGiven,
    MeetingHeld,
    MeetingMissed,
    MeetingRequested,
    OutcomeRecorded,
    Participation,
    Placement,
    Slot,
    Unplaced,
)
from shared.contracts.matching import Evidence
from shared.contracts.notifications import MessageFailed, MessageSent
from shared.contracts.registry import ContactRecorded, DistrictOpened, Identifier, Need, Offer, Profile
from tests.events.making import slots
from tests.guarantees.values import Strategy, model, texts
from tests.guarantees.world import MORNING, Act, World

DISTRICTS = ("marble", "fashion")
MEMBERS = ("m1", "m2", "m3")
EVENTS = ("e1", "e2")
OFFERS = ("o1", "o2", "n1")
TOPICS = ("ict-photonics/photonics", "smart-factory/robotics", "smart-factory/no-such")

district_ids = st.sampled_from(DISTRICTS)
member_ids = st.sampled_from(MEMBERS)
event_ids = st.sampled_from(EVENTS)
part_ids = st.sampled_from(OFFERS)
reasons = model(registry_api.Reason)
topics = st.lists(st.sampled_from(TOPICS), max_size=3).map(tuple)
profiles = model(Profile, topics=topics)
offers = model(Offer, topics=topics)
needs = model(Need, topics=topics)
identifiers = st.one_of(
    st.sampled_from(
        [
            Identifier(scheme="vat", value="00743110157"),
            Identifier(scheme="vat", value="it 00743110157"),
            Identifier(scheme="fiscal-code", value="RSSMRA85T10A562S"),
            Identifier(scheme="pic", value="999470541"),
            Identifier(scheme="register", value="cordis:999470541"),
            Identifier(scheme="name", value="IT:Perché no s.r.l."),
        ]
    ),
    st.builds(Identifier, scheme=st.just("name"), value=texts({"min_length": 1, "max_length": 197}).map(lambda name: f"IT:{name}")),
    model(Identifier),
)
applied_by = {
    "districts": st.lists(district_ids, min_size=1, max_size=3),
    "identifiers": st.lists(identifiers, min_size=1, max_size=3),
}


@st.composite
def district_acts(draw: st.DrawFn) -> Act:
    """Open a district."""
    opening: Any = draw(model(registry_api.Opening, id=district_ids))
    opened = DistrictOpened(name=opening.name, theme=opening.theme)
    return lambda world: world.do(DISTRICT, opening.id, lambda state: registry.open_district(state, opened))


@st.composite
def member_acts(draw: st.DrawFn) -> Act:
    """Anything a member or its manager does in the registry."""
    id, part, why = draw(member_ids), draw(part_ids), draw(reasons).reason
    rule = draw(st.sampled_from(["apply", "admit", "approve", "approve", "refuse", "withdraw", "revise", "offer", "need", "drop"]))

    def apply(asked: Any) -> Act:
        def decide(state: Any) -> Any:
            return registry.apply(state, application.check_application(asked, set(DISTRICTS)))

        return lambda world: world.do(MEMBER, id, decide)

    def admit(line: Any) -> Act:
        def decide(state: Any) -> Any:
            applied = application.check_line(line, set(DISTRICTS))
            given = {f"o{number}": offer for number, offer in enumerate(line.offers, 1)}
            wanted = {f"n{number}": need for number, need in enumerate(line.needs, 1)}
            return registry.admit(state, applied, given, wanted)

        return lambda world: world.do(MEMBER, id, decide)

    if rule == "apply":
        return apply(draw(model(application.Application, profile=profiles, **applied_by)))
    if rule == "admit":
        several = {"offers": st.lists(offers, max_size=2), "needs": st.lists(needs, max_size=2)}
        return admit(draw(model(application.ImportLine, profile=profiles, **several, **applied_by)))
    if rule == "revise":
        profile = draw(profiles)
        return lambda world: world.do(MEMBER, id, lambda state: registry.revise_profile(state, profile))
    if rule == "offer":
        offer = draw(offers)
        return lambda world: world.do(MEMBER, id, lambda state: registry.publish_offer(state, part, offer))
    if rule == "need":
        need = draw(needs)
        return lambda world: world.do(MEMBER, id, lambda state: registry.publish_need(state, part, need))
    if rule == "drop":
        drop = draw(st.sampled_from([registry.withdraw_offer, registry.withdraw_need]))
        return lambda world: world.do(MEMBER, id, lambda state: drop(state, part))
    if rule == "approve":
        return lambda world: world.do(MEMBER, id, registry.approve)
    leave = registry.refuse if rule == "refuse" else registry.withdraw
    return lambda world: world.do(MEMBER, id, lambda state: leave(state, why))


@st.composite
def contact_acts(draw: st.DrawFn) -> Act:
    """Record whom to write to."""
    id, given = draw(member_ids), draw(model(application.ContactDetails))
    recorded = ContactRecorded(member_id=id, **given.model_dump())
    return lambda world: world.do(CONTACT, id, lambda state: registry.record_contact(state, recorded))


named = st.dictionaries(st.sampled_from(["text", "topics"]), st.floats(0, 1), max_size=2)
"""What a ranking gave each feature: its names are the house's own."""


@st.composite
def introduction_acts(draw: st.DrawFn) -> Act:
    """Express interest, decline, or take back what was said."""
    what = draw(st.sampled_from(["express", "decline", "withdraw"]))
    if what != "decline":
        said: Any = draw(model(Interest, by=member_ids, towards=member_ids))
        seen = draw(st.none() | model(Evidence, score=st.floats(0, 1), contributions=named, features=named))
        id = matching.introduction_id(said.mode, said.by, said.towards)
        if what == "withdraw":
            return lambda world: world.do(
                INTRODUCTION, id, lambda state: matching.withdraw(state, said.mode, said.by, said.towards)
            )
        return lambda world: world.do(
            INTRODUCTION, id, lambda state: matching.express(state, said.mode, said.by, said.towards, seen)
        )
    no: Any = draw(model(Decline, by=member_ids, towards=member_ids))
    id = matching.introduction_id(no.mode, no.by, no.towards)
    return lambda world: world.do(
        INTRODUCTION, id, lambda state: matching.decline(state, no.mode, no.by, no.towards, no.reason, no.code)
    )


announcements: Strategy = model(
    Announcement,
    districts=st.lists(st.sampled_from([*DISTRICTS, "no-such"]), min_size=1, max_size=3).map(tuple),
    slots=st.one_of(st.integers(1, 4).map(slots), st.lists(model(Slot), min_size=1, max_size=3).map(tuple)),
    timezone=st.sampled_from(["Europe/Rome", "UTC", "Europe", "../x", "", "\x00"]),
)


@st.composite
def brokerage_acts(draw: st.DrawFn) -> Act:
    """Announce a brokerage event, and lead it through its life."""
    id = draw(event_ids)
    led: list[Any] = [brokerage.announce_draft, brokerage.open_registration, brokerage.close_registration]
    led += [brokerage.start, brokerage.close, lambda state: brokerage.close_tables(state, [1])]
    rules: list[Any] = [None, None, *led]
    rule = draw(st.sampled_from(rules))
    if rule is not None:
        return lambda world: world.do(BROKERAGE, id, rule)
    asked: Any = draw(announcements)
    if asked.draft:
        made = BrokerageEventDrafted
        return lambda world: world.do(
            BROKERAGE, id, lambda state: brokerage.draft(state, check_announcement(asked, set(DISTRICTS), made))
        )
    return lambda world: world.do(
        BROKERAGE, id, lambda state: brokerage.announce(state, check_announcement(asked, set(DISTRICTS), BrokerageEventAnnounced))
    )


def at_an_event(world: World, id: str) -> Any:
    """The event as an API reads it before a command; None where it answers 404."""
    return world.state(BROKERAGE, id)


@st.composite
def registration_acts(draw: st.DrawFn) -> Act:
    """Register, move up, check in, or withdraw."""
    id, does = draw(event_ids), draw(st.sampled_from(["register", "register", "move up", "availability", "check in", "withdraw"]))
    given: Any = draw(model(Registering, member_id=member_ids, unavailable=st.lists(st.integers(-1, 5), max_size=3)))
    asked = Participation(event_id=id, **given.model_dump())
    places = draw(st.sampled_from([None, (), ("all:1",), ("all:2", "sme:1")]))

    def act(world: World) -> None:
        event = at_an_event(world, id)
        if event is None:
            return
        member = world.state(MEMBER, given.member_id)

        def decide(state: Any) -> Any:
            if does == "register":
                return registrations.register(state, asked, event, member, places, MORNING)
            if does == "availability":
                return registrations.change_availability(state, given.unavailable, event)
            if does == "move up":
                return registrations.move_up(state, places or (), event)
            return registrations.withdraw(state, event) if does == "withdraw" else registrations.check_in(state, event)

        world.do(REGISTRATION, registration_id(id, given.member_id), decide)

    return act


def registered(world: World, event: str) -> frozenset[str]:
    states = {member: world.state(REGISTRATION, registration_id(event, member)) for member in MEMBERS}
    return frozenset(member for member, state in states.items() if state and state["status"] == "registered")


sides = {"event_id": event_ids, "by": member_ids}
booked = {
    "others": st.lists(member_ids, max_size=1),
    "slot": st.none() | st.integers(1, 4),
    "table": st.none() | st.integers(1, 3),
}
afterwards = st.one_of(
    model(MeetingHeld, event_id=event_ids, by=st.none() | member_ids),
    model(
        MeetingMissed, event_id=event_ids, by=st.none() | member_ids, absent=st.lists(member_ids, min_size=1, max_size=3).map(tuple)
    ),
    model(OutcomeRecorded, **sides),
    model(FeedbackGiven, **sides),
)


@st.composite
def meeting_acts(draw: st.DrawFn) -> Act:
    """Ask for a meeting, accept it, decline it, say what became of it."""
    id, one, other = draw(event_ids), draw(member_ids), draw(member_ids)
    asked: Any = draw(model(Request, by=st.just(one), towards=st.just(other), introduction_id=st.none() | member_ids, **booked))
    place: Any = draw(st.none() | st.tuples(st.integers(1, 3), st.just((one, other, *asked.others))))
    late = draw(st.sampled_from([MORNING, MORNING.replace(year=2027)]))
    ending = draw(st.sampled_from(["", "", "", "expire", "cancel"]))
    answer: Any = draw(st.none() | model(Acceptance, by=member_ids) | model(Declining, by=member_ids) | afterwards)

    def act(world: World) -> None:
        event = at_an_event(world, id)
        if event is None:
            return
        made = world.state(INTRODUCTION, matching.introduction_id(asked.mode, one, other)) if asked.introduction_id else None
        facts = meetings.Facts(event, registered(world, id), made, late, place=place)

        def decide(state: Any) -> Any:
            if ending == "expire":
                return meetings.expire(state, event, late)
            if ending == "cancel":
                return meetings.cancel(state, one, "no", False, event)
            if answer is None:
                return meetings.request(state, MeetingRequested(event_id=id, **asked.model_dump()), facts)
            if isinstance(answer, MeetingHeld | MeetingMissed):
                return attendance.tell(state, answer, True, event)
            if isinstance(answer, OutcomeRecorded):
                return attendance.record_outcome(state, answer)
            if isinstance(answer, FeedbackGiven):
                return attendance.give_feedback(state, answer)
            if isinstance(answer, Declining):
                return meetings.decline(state, answer.by, answer.reason, event)
            return meetings.accept(state, answer.by, facts)

        world.do(MEETING, group_id(id, (one, other, *asked.others)), decide)

    return act


@st.composite
def agenda_acts(draw: st.DrawFn) -> Act:
    """Publish a version of an agenda, right or wrong."""
    id = draw(event_ids)
    pairs = st.tuples(member_ids, member_ids)
    places = model(Placement, members=pairs, slot=st.integers(1, 4), table=st.integers(1, 3))
    published: Any = draw(
        model(
            AgendaPublished,
            event_id=st.just(id),
            placements=st.lists(places, max_size=3).map(tuple),
            unplaced=st.lists(model(Unplaced, members=pairs), max_size=2).map(tuple),
            breaks=st.integers(0, 9),
            bound=st.integers(0, 9),
        )
    )

    def act(world: World) -> None:
        event = at_an_event(world, id)
        if event is not None:
            world.do(AGENDA, id, lambda state: agendas.publish(state, published, event))

    return act


@st.composite
def delivery_acts(draw: st.DrawFn) -> Act:
    """Tell what became of a mail."""
    id = draw(st.sampled_from(["d1", "d2"]))
    outcome: Any = draw(st.one_of(model(MessageSent, recipient=member_ids), model(MessageFailed, recipient=member_ids)))
    return lambda world: world.do(DELIVERY, id, lambda state: notifications.settle(state, outcome))


ACTS = {
    DISTRICT.topic.name: district_acts(),
    MEMBER.topic.name: member_acts(),
    CONTACT.topic.name: contact_acts(),
    INTRODUCTION.topic.name: introduction_acts(),
    BROKERAGE.topic.name: brokerage_acts(),
    REGISTRATION.topic.name: registration_acts(),
    MEETING.topic.name: meeting_acts(),
    AGENDA.topic.name: agenda_acts(),
    DELIVERY.topic.name: delivery_acts(),
}
"""Acts by the topic of the aggregate they are on."""
