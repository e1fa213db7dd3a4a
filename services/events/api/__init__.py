"""The service over HTTP."""

from fastapi import APIRouter

from services.events.api import agendas, brokerage, calendars, meetings, pages, places, registrations

router = APIRouter()
for part in (brokerage, registrations, meetings, agendas, places, pages, calendars):
    router.include_router(part.router)
