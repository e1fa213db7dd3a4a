"""The service over HTTP."""

from fastapi import APIRouter

from services.matching.api import answers, gatherings, interests, introductions, ranking, suggestions

router = APIRouter()
for part in (suggestions, answers, gatherings, interests, introductions, ranking):
    router.include_router(part.router)
