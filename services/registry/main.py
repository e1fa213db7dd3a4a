"""The registry, wired."""

from fastapi import APIRouter

from services.registry import api, bulk_import
from services.registry.store import CONTACT, DISTRICT, INDEXES, MEMBER
from services.registry.texts import TEXTS
from shared.chassis.runtime.service import Service

router = APIRouter()
router.include_router(bulk_import.router)
router.include_router(api.router)

SERVICE = Service(
    "registry", router, texts=TEXTS, aggregates=(DISTRICT, MEMBER, CONTACT), streamed=("/v1/members/import",), indexes=INDEXES
)
