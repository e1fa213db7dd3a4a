"""The filter of a list of suggestions, checked field by field."""

from typing import Annotated

from fastapi import Depends, Query

from services.matching.queries import district_ids
from services.matching.suggestion.visibility import SuggestionFilter
from shared.chassis.errors import FieldError, Invalid
from shared.chassis.http.commands import Store
from shared.chassis.texts import text
from shared.contracts.base import Id
from shared.contracts.matching import Mode
from shared.contracts.taxonomy import PRIORITIES, TOPICS


async def _filter(
    store: Store,
    mode: Annotated[Mode | None, Query(description="Only this mode.")] = None,
    topic: Annotated[str | None, Query(max_length=100, description="Partners on a topic, or on a priority.")] = None,
    district: Annotated[Id | None, Query(description="Partners in this district.")] = None,
    min_score: Annotated[float, Query(ge=0, le=1, allow_inf_nan=False, description="From this score on.")] = 0,
) -> SuggestionFilter:
    if topic is not None and topic not in TOPICS and topic not in PRIORITIES:
        allowed = text("field-topics", priorities=", ".join(PRIORITIES), topic=next(iter(TOPICS)))
        raise Invalid("topic-unknown", FieldError("topic", "unknown", allowed), topic=topic)
    if district is not None and district not in (districts := await district_ids(store)):
        allowed = text("field-districts", districts=", ".join(districts) or "-")
        raise Invalid("district-unknown", FieldError("district", "unknown", allowed), district=district)
    return SuggestionFilter(mode, topic, district, min_score)


Filter = Annotated[SuggestionFilter, Depends(_filter)]
