"""The registry, wired."""

from fastapi import APIRouter

from services.registry import bulk_import, contacts_api, districts_api, members_api, offers_needs_api
from services.registry.aggregates import CONTACT, DISTRICT, INDEXES, MEMBER
from services.registry.applicants import APPLICANTS
from services.registry.applicants import INDEXES as APPLICANT_INDEXES
from services.registry.texts import TEXTS
from shared.chassis.runtime.service import Service

router = APIRouter()
for api in (bulk_import, districts_api, members_api, offers_needs_api, contacts_api):
    router.include_router(api.router)

SERVICE = Service(
    "registry",
    router,
    texts=TEXTS,
    aggregates=(DISTRICT, MEMBER, CONTACT),
    indexes={**INDEXES, APPLICANTS: APPLICANT_INDEXES},
)
