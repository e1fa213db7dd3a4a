"""How a history begins: a district, three approved members, a brokerage event, two registrations."""

from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.rules import lifecycle as brokerage
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from services.events.registration.rules import participation as registrations
from services.events.rows import Member
from services.registry.district.aggregate import DISTRICT
from services.registry.district.rules import open_district
from services.registry.member.aggregate import MEMBER
from services.registry.member.rules import admit
from shared.chassis.documents import parse
from shared.contracts.base import LocalizedText
from shared.contracts.events import ParticipantRegistered
from shared.contracts.registry import DistrictOpened
from tests.events.factories import announced, member
from tests.system.properties.commands.id_pools import EVENTS, MEMBERS
from tests.system.properties.in_memory_world import MORNING, World


def begun() -> World:
    """A world in which every kind of command has something to work on; much in it is left to be done."""
    world = World()
    marble = LocalizedText(it="Marmo", en="Marble")
    world.do(DISTRICT, "marble", lambda state: open_district(state, DistrictOpened(name=marble, theme=marble)))
    for id in MEMBERS:
        world.do(MEMBER, id, lambda state, id=id: admit(state, member(f"Firm {id}"), {}, {}))  # type: ignore[misc]
    event = EVENTS[0]
    world.do(BROKERAGE, event, lambda state: brokerage.announce(state, announced(), MORNING))
    world.do(BROKERAGE, event, lambda state: brokerage.open_registration(state, MORNING))
    for id in MEMBERS[:2]:
        request = ParticipantRegistered(event_id=event, member_id=id)
        fair, firm = world.state(BROKERAGE, event), parse(Member, world.document(MEMBER, id))
        world.do(
            REGISTRATION,
            registration_id(event, id),
            lambda state, request=request, fair=fair, firm=firm: registrations.register(state, request, fair, firm, (), MORNING),  # type: ignore[misc]
        )
    return world
