"""The service over HTTP."""

from fastapi import APIRouter

from services.events.api import (
    agendas,
    appointments,
    attendance,
    brokerage,
    calendars,
    meetings,
    pages,
    participants,
    places,
    registrations,
    versions,
)
from services.events.api.answers.base import gives
from services.events.api.answers.meetings import Meeting

router = APIRouter()
for part in (brokerage, registrations, meetings):
    router.include_router(part.router)
for part in (appointments, attendance):
    router.include_router(part.router, responses=gives(Meeting))
for part in (versions, agendas, participants, places, pages, calendars):
    router.include_router(part.router)
