"""The service over HTTP."""

from fastapi import APIRouter

from services.registry.bulk_import import api as bulk_import
from services.registry.contact import api as contacts
from services.registry.district import api as districts
from services.registry.member import api as members
from services.registry.member import offers_needs_api as offers_needs

router = APIRouter()
for part in (bulk_import, districts, members, offers_needs, contacts):
    router.include_router(part.router)
