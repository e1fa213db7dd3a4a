"""Meetings, and the agendas that place them."""

from typing import Any

from hypothesis import strategies as st

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.appointment.rules import booking as appointments
from services.events.appointment.rules import relocation
from services.events.attendance.rules import recording as attendance
from services.events.brokerage.aggregate import BROKERAGE
from services.events.meeting.aggregate import MEETING
from services.events.meeting.queries import meeting_id
from services.events.meeting.rules import requests as meetings
from services.events.meeting.rules.context import MeetingContext, Place
from services.events.meeting.schemas import Acceptance, Declining, Request
from services.events.meeting.state import Appointment
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from services.matching.introduction.aggregate import INTRODUCTION
from services.matching.introduction.rules import introduction_id
from shared.contracts.events import (
    AgendaPublished,
    FeedbackGiven,
    MeetingCancelled,
    MeetingHeld,
    MeetingMissed,
    OutcomeRecorded,
    Placement,
    Unplaced,
)
from shared.contracts.registry import Kind
from tests.system.properties.commands.id_pools import MEMBERS, event_ids, member_ids
from tests.system.properties.in_memory_world import MORNING, Act, World
from tests.system.properties.value_strategies import model


def registered(world: World, event: str) -> frozenset[str]:
    states = {member: world.state(REGISTRATION, registration_id(event, member)) for member in MEMBERS}
    return frozenset(member for member, state in states.items() if state and state.status == "registered")


sides = {"event_id": event_ids, "by": member_ids}
booked = {
    "others": st.lists(member_ids, max_size=1),
    "slot": st.none() | st.integers(1, 4),
    "table": st.none() | st.integers(1, 3),
}
afterwards = st.one_of(
    model(MeetingHeld, event_id=event_ids, by=st.none() | member_ids, absent=st.lists(member_ids, max_size=2).map(tuple)),
    model(
        MeetingMissed, event_id=event_ids, by=st.none() | member_ids, absent=st.lists(member_ids, min_size=1, max_size=3).map(tuple)
    ),
    model(OutcomeRecorded, **sides),
    model(FeedbackGiven, **sides),
)


kinds_of_members: st.SearchStrategy[Kind] = st.sampled_from(["sme", "sme", "sme", "research-organisation", "financial-operator"])
"""Mostly firms: others meet only in a mode of their own."""


@st.composite
def meeting_acts(draw: st.DrawFn) -> Act:
    """Ask for a meeting, accept it, decline it, say what became of it."""
    id, requester, partner = draw(event_ids), draw(member_ids), draw(member_ids)
    request: Any = draw(
        model(Request, by=st.just(requester), towards=st.just(partner), introduction_id=st.none() | member_ids, **booked)
    )
    place: Any = draw(st.none() | st.builds(Place, st.integers(1, 3), st.just((requester, partner, *request.others))))
    kinds: dict[str, Kind] = {member: draw(kinds_of_members) for member in (requester, partner, *request.others)}
    late = draw(st.sampled_from([MORNING, MORNING.replace(year=2027)]))
    ending = draw(st.sampled_from(["", "", "", "expire", "cancel", "appoint", "follow"]))
    wish = draw(
        st.builds(
            appointments.AppointmentRequest, slot=st.integers(1, 4), table=st.none() | st.integers(1, 3), by=st.none() | member_ids
        )
    )
    answer: Any = draw(st.none() | model(Acceptance, by=member_ids) | model(Declining, by=member_ids) | afterwards)

    def act(world: World) -> None:
        event = world.state(BROKERAGE, id)
        if event is None:  # the API answers 404
            return
        introduction = (
            world.state(INTRODUCTION, introduction_id(request.mode, requester, partner)) if request.introduction_id else None
        )
        made = vars(introduction) if introduction else None  # as the projection of events stores it
        facts = MeetingContext(event, registered(world, id), made, late, place=place, kinds=kinds)

        def decide(state: Any) -> Any:
            if ending == "expire":
                return meetings.expire(state, event, late)
            if ending == "cancel":
                return meetings.cancel(state, MeetingCancelled(event_id=id, by=requester, reason="no"), False, event)
            if ending == "appoint":
                chance = appointments.AppointmentContext(registered(world, id), None, place, late)
                return appointments.appoint(state, wish, chance, event)
            if ending == "follow":
                seen = state.appointment if state else Appointment(1, 1, (), None)
                unavailable = {member: [wish.slot] for member in registered(world, id)}
                return relocation.relocate(state, seen, wish.table, event, unavailable, late)
            if answer is None:
                return meetings.request(state, request.requested(id), facts)
            if isinstance(answer, MeetingHeld | MeetingMissed):
                return attendance.record_attendance(state, answer, True)
            if isinstance(answer, OutcomeRecorded):
                return attendance.record_outcome(state, answer)
            if isinstance(answer, FeedbackGiven):
                return attendance.give_feedback(state, answer)
            if isinstance(answer, Declining):
                return meetings.decline(state, answer.by, answer.reason, event)
            return meetings.accept(state, answer.by, facts)

        world.do(MEETING, meeting_id(id, requester, partner, *request.others), decide)

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
            appointments=st.lists(model(Placement, members=pairs, slot=st.just(1)), max_size=2).map(tuple),
            breaks=st.integers(0, 9),
            bound=st.integers(0, 9),
        )
    )

    def act(world: World) -> None:
        event = world.state(BROKERAGE, id)
        if event is not None:  # else the API answers 404
            world.do(AGENDA, id, lambda state: agendas.publish(state, published, event))

    return act
