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
from services.events.jobs.auto_repair import AutoRepair
from services.events.jobs.expiry import cancel_appointments_of_withdrawn, expire_requests, withdraw_former_members
from services.events.jobs.periodic_jobs import Job, JobContext, PeriodicJobs, for_each
from services.events.jobs.waitlist import promote
from services.events.meeting import aggregate as meeting
from services.events.projections import CONTACT_LANGUAGES, DISTRICTS, INTRODUCTIONS, MEMBERS
from services.events.registration import aggregate as registration
from services.events.registration import parallel_bookings
from services.events.router import router
from services.events.texts import TEXTS
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.workers.worker import Worker


def workers(runtime: Runtime) -> Sequence[Worker]:
    """Compute agendas beside the requests, and run the periodic jobs."""
    agendas = AgendaWorker(runtime.mongo, runtime.write, runtime.clock)
    context = JobContext(runtime.mongo, runtime.write, runtime.clock, runtime.read_only)
    repair = AutoRepair(context, agendas.computations, agendas.wake)
    of_each_event = (promote, expire_requests, cancel_appointments_of_withdrawn, relocate_appointments)
    jobs: list[Job] = [
        partial(withdraw_former_members, context),
        *(for_each(context, work) for work in of_each_event),
        repair.check,
    ]
    return [agendas, PeriodicJobs(context, jobs, closing=for_each(context, expire_requests))]


SERVICE = Service(
    "events",
    router,
    texts=TEXTS,
    aggregates=(brokerage.BROKERAGE, registration.REGISTRATION, meeting.MEETING, agenda.AGENDA),
    projections=(DISTRICTS, MEMBERS, CONTACT_LANGUAGES, INTRODUCTIONS, versions.AGENDA_VERSIONS, CALENDARS),
    workers=workers,
    indexes=brokerage.INDEXES
    | registration.INDEXES
    | meeting.INDEXES
    | versions.INDEXES
    | parallel_bookings.INDEXES
    | queue.INDEXES
    | subscriptions.INDEXES,
    due=queue.due,
)
