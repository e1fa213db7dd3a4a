"""The service over HTTP."""

from fastapi import APIRouter

from services.matching.coverage import api as coverage
from services.matching.introduction import api as introductions
from services.matching.introduction import interest_api as interests
from services.matching.search import api as search
from services.matching.shortlist import status_api as shortlist
from services.matching.suggestion import api as suggestions
from services.matching.suggestion import at_event_api as at_event

router = APIRouter()
for part in (suggestions, search, at_event, interests, introductions, coverage, shortlist):
    router.include_router(part.router)
