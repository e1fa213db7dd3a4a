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

router = APIRouter()
for part in (
    brokerage,
    registrations,
    meetings,
    appointments,
    attendance,
    versions,
    agendas,
    participants,
    places,
    pages,
    calendars,
):
    router.include_router(part.router)
