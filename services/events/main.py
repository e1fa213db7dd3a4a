"""The brokerage-events service, wired."""

from collections.abc import Sequence
from functools import partial

from services.events.agenda import aggregate as agenda
from services.events.agenda import versions
from services.events.brokerage import aggregate as brokerage
from services.events.calendar import subscriptions
from services.events.calendar.history import CALENDARS
from services.events.computation import queue
from services.events.computation.worker import AgendaWorker
from services.events.jobs.appointment_relocation import relocate_appointments
from services.events.jobs.auto_repair import Repairs
from services.events.jobs.expiry import call_off, expire, sign_off
from services.events.jobs.runner import Duty, Hand, PeriodicJobs, at_each
from services.events.jobs.standby_promotion import move_up
from services.events.meeting import aggregate as meeting
from services.events.projections import DISTRICTS, INTRODUCTIONS, MEMBERS
from services.events.registration import aggregate as registration
from services.events.router import router
from services.events.texts import TEXTS
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.workers.worker import Worker


def workers(runtime: Runtime) -> Sequence[Worker]:
    """Compute agendas beside the requests, and run the periodic jobs."""
    agendas = AgendaWorker(runtime.mongo, runtime.write, runtime.clock)
    hand = Hand(runtime.mongo, runtime.write, runtime.clock, runtime.read_only)
    repairs = Repairs(hand, agendas.computations, agendas.wake)
    at_one = (at_each(hand, do) for do in (move_up, expire, call_off, relocate_appointments))
    due: list[Duty] = [partial(sign_off, hand), *at_one, repairs.ask]
    return [agendas, PeriodicJobs(hand, due, last=at_each(hand, expire))]


SERVICE = Service(
    "events",
    router,
    texts=TEXTS,
    aggregates=(brokerage.BROKERAGE, registration.REGISTRATION, meeting.MEETING, agenda.AGENDA),
    projections=(DISTRICTS, MEMBERS, INTRODUCTIONS, versions.AGENDA_VERSIONS, CALENDARS),
    workers=workers,
    indexes=brokerage.INDEXES | registration.INDEXES | meeting.INDEXES | versions.INDEXES | queue.INDEXES | subscriptions.INDEXES,
    due=queue.due,
)
