"""Brokerage events, and who takes part in them."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from services.events.agenda.aggregate import AGENDA
from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.announcement import Announcement, check_announcement
from services.events.brokerage.rules import lifecycle as brokerage
from services.events.brokerage.rules.correction import Occupancy
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from services.events.registration.rules import participation as registrations
from services.events.registration.schemas import RegistrationRequest
from services.events.rows import Member
from services.registry.member.aggregate import MEMBER
from shared.chassis.documents import parse, to_document
from shared.contracts.events import (
    BrokerageEventAnnounced,
    BrokerageEventClosed,
    BrokerageEventDrafted,
    Occasion,
    Slot,
    Unanswered,
)
from tests.events.factories import MORNING as THE_DAY
from tests.events.factories import announced, slots
from tests.system.properties.commands.id_pools import DISTRICTS, event_ids, member_ids
from tests.system.properties.in_memory_world import MORNING, Act, World
from tests.system.properties.value_strategies import Strategy, model

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
    led: list[Any] = [brokerage.close_registration, brokerage.start]
    led += [lambda state: brokerage.open_registration(state, MORNING), lambda state: brokerage.announce_draft(state, MORNING)]
    led += [lambda state: brokerage.close_tables(state, [1])]
    rules: list[Any] = [None, None, *led, brokerage.close, brokerage.correct]
    rule = draw(st.sampled_from(rules))
    if rule is brokerage.correct:
        return draw(corrections(id))
    if rule is brokerage.close:

        def close(world: World) -> None:
            closed = BrokerageEventClosed(agenda=world.version(AGENDA, id) or None)
            world.do(BROKERAGE, id, lambda state: brokerage.close(state, closed))

        return close
    if rule is not None:
        return lambda world: world.do(BROKERAGE, id, rule)
    announcement: Any = draw(announcements)
    if announcement.draft:
        made, write = BrokerageEventDrafted, draw(st.sampled_from([brokerage.draft, brokerage.edit_draft]))
        return lambda world: world.do(
            BROKERAGE, id, lambda state: write(state, check_announcement(announcement, set(DISTRICTS), made))
        )
    announcing: Any = lambda state: brokerage.announce(  # noqa: E731
        state, check_announcement(announcement, set(DISTRICTS), BrokerageEventAnnounced), MORNING
    )
    return lambda world: world.do(BROKERAGE, id, announcing)


CORRECTED = ("title", "venue", "languages", "requests_until", "places", "quotas", "fairness", "repairs", "timezone", "districts")


@st.composite
def corrections(draw: st.DrawFn, id: str) -> Act:
    """Correct an event: mostly what may be, now and then what may not."""
    announcement: Any = draw(announcements)
    changes = {name: getattr(announcement, name) for name in draw(st.sets(st.sampled_from(CORRECTED), max_size=3))}
    more = draw(st.integers(0, 2))
    occupancy = Occupancy(tuple(draw(st.lists(member_ids, unique=True, max_size=3))), draw(st.integers(0, 2)))

    def act(world: World) -> None:
        def decide(state: Any) -> Any:
            before = (
                {name: value for name, value in to_document(state).items() if name in Occasion.model_fields}
                if state
                else announced().model_dump()
            )
            occasion = Occasion.model_validate({**before, **changes, "tables": min(500, before["tables"] + more)})
            return brokerage.correct(state, occasion, occupancy, MORNING)

        world.do(BROKERAGE, id, decide)

    return act


@st.composite
def registration_acts(draw: st.DrawFn) -> Act:
    """Register, move up, check in, take that back, withdraw, or learn which requests were not answered."""
    kinds = ["register", "register", "move up", "availability", "check in", "undo", "withdraw", "expire"]
    id, does = draw(event_ids), draw(st.sampled_from(kinds))
    request: Any = draw(model(RegistrationRequest, member_id=member_ids, unavailable=st.lists(st.integers(-1, 5), max_size=3)))
    places, by_manager = draw(st.sampled_from([None, (), ("all:1",), ("all:2", "sme:1")])), draw(st.booleans())
    now = draw(st.sampled_from([MORNING, THE_DAY, THE_DAY + timedelta(days=1)]))

    def act(world: World) -> None:
        event = world.state(BROKERAGE, id)
        if event is None:  # the API answers 404
            return
        document = world.document(MEMBER, request.member_id)
        member = document and parse(Member, document)

        def decide(state: Any) -> Any:
            if does == "register":
                return registrations.register(state, request.participation(id, event), event, member, places, MORNING, by_manager)
            if does == "availability":
                return registrations.change_availability(state, request.unavailable, event)
            if does == "move up":
                return registrations.promote(state, places or (), event, member)
            if does == "expire":
                unanswered = [Unanswered(meeting_id="m", asked=("m1",))]
                return registrations.expire_requests(state, unanswered, event, MORNING.replace(year=2028))
            if does == "undo":
                return registrations.undo_check_in(state, event, now)
            return registrations.withdraw(state, event) if does == "withdraw" else registrations.check_in(state, event, now)

        world.do(REGISTRATION, registration_id(id, request.member_id), decide)

    return act
