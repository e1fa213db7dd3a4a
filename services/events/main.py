"""The brokerage-events service, wired."""

from collections.abc import Sequence
from functools import partial

from services.events.calendar.history import CALENDARS
from services.events.calendar.subscriptions import ADDRESS_INDEXES
from services.events.computation.queue import UNDER_WAY
from services.events.computation.worker import AgendaWorker
from services.events.jobs.appointment_relocation import follow
from services.events.jobs.auto_repair import Repairs
from services.events.jobs.expiry import call_off, expire, sign_off
from services.events.jobs.runner import Duty, Hand, Upkeep, at_each
from services.events.jobs.standby_promotion import move_up
from services.events.projections import AGENDA_VERSIONS, DISTRICTS, INTRODUCTIONS, MEMBERS
from services.events.router import router
from services.events.store import AGENDA, BROKERAGE, COMPUTATIONS, INDEXES, MEETING, REGISTRATION
from services.events.texts import TEXTS
from shared.chassis.runtime.service import Runtime, Service, Worker


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
    texts=TEXTS,
    aggregates=(BROKERAGE, REGISTRATION, MEETING, AGENDA),
    projections=(DISTRICTS, MEMBERS, INTRODUCTIONS, AGENDA_VERSIONS, CALENDARS),
    workers=workers,
    indexes=INDEXES | ADDRESS_INDEXES,
    due=lambda now: {COMPUTATIONS: {"status": {"$in": UNDER_WAY}}},
)
