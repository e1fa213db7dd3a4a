"""The service over HTTP."""

from fastapi import APIRouter

from services.matching.api import interests, introductions, ranking, suggestions

router = APIRouter()
for part in (suggestions, interests, introductions, ranking):
    router.include_router(part.router)
