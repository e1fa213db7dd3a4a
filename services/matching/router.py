"""The service over HTTP."""

from fastapi import APIRouter

from services.matching.api import answers, coverage, gatherings, interests, introductions, ranking, suggestions

router = APIRouter()
for part in (suggestions, answers, gatherings, interests, introductions, coverage, ranking):
    router.include_router(part.router)
