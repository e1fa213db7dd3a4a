"""The service over HTTP."""

from fastapi import APIRouter

from services.events.agenda import api as agendas
from services.events.agenda import versions_api as versions
from services.events.agenda_view import participant_api as participants
from services.events.agenda_view import table_api as tables
from services.events.appointment import api as appointments
from services.events.attendance import api as attendance
from services.events.brokerage import api as brokerage
from services.events.calendar import api as calendars
from services.events.computation import api as computations
from services.events.computation import restore_api as restore
from services.events.lifecycle import api as lifecycle
from services.events.meeting import api as meetings
from services.events.printing import api as printing
from services.events.registration import api as registrations
from services.events.registration import check_in_api as check_ins

router = APIRouter()
for part in (brokerage, lifecycle, registrations, check_ins, meetings, appointments, attendance):
    router.include_router(part.router)
# Paths with a fixed word come before those with a member in its place.
for part in (versions, restore, computations, agendas, participants, tables, printing, calendars):
    router.include_router(part.router)
