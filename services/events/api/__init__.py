"""The service over HTTP."""

from fastapi import APIRouter

from services.events.api import agendas, brokerage, meetings, registrations

router = APIRouter()
for part in (brokerage, registrations, meetings, agendas):
    router.include_router(part.router)
