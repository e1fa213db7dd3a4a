"""The brokerage-events service, wired."""

from collections.abc import Sequence
from functools import partial

from services.events.api import router
from services.events.calendar_addresses import ADDRESS_INDEXES
from services.events.calendars import CALENDARS
from services.events.computations import UNDER_WAY
from services.events.endings import call_off, expire, sign_off
from services.events.following import follow
from services.events.projections import AGENDA_VERSIONS, DISTRICTS, INTRODUCTIONS, MEMBERS
from services.events.repairs import Repairs
from services.events.standby import move_up
from services.events.store import AGENDA, BROKERAGE, COMPUTATIONS, INDEXES, MEETING, REGISTRATION
from services.events.upkeep import Duty, Hand, Upkeep, at_each
from services.events.worker import AgendaWorker
from shared.chassis.service import Runtime, Service, Worker


def workers(runtime: Runtime) -> Sequence[Worker]:
    """Compute agendas beside the requests, and do what becomes due by itself."""
    agendas = AgendaWorker(runtime.mongo, runtime.write, runtime.clock)
    hand = Hand(runtime.mongo, runtime.write, runtime.clock, runtime.gate)
    repairs = Repairs(hand, agendas.computations, agendas.wake)
    at_one = (at_each(hand, do) for do in (move_up, expire, call_off, follow))
    due: list[Duty] = [partial(sign_off, hand), *at_one, repairs.ask]
    return [agendas, Upkeep(hand, due, last=at_each(hand, expire))]


SERVICE = Service(
    "events",
    router,
    aggregates=(BROKERAGE, REGISTRATION, MEETING, AGENDA),
    projections=(DISTRICTS, MEMBERS, INTRODUCTIONS, AGENDA_VERSIONS, CALENDARS),
    workers=workers,
    indexes=INDEXES | ADDRESS_INDEXES,
    due=lambda now: {COMPUTATIONS: {"status": {"$in": UNDER_WAY}}},
)
