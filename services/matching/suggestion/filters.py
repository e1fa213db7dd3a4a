"""What can be asked for in a list of suggestions, checked field by field."""

from typing import Annotated

from fastapi import Depends, Query

from services.matching.projections.brokerage import DISTRICTS
from services.matching.suggestion.visibility import Wanted
from shared.chassis.errors import FieldError, Invalid, NotFound
from shared.chassis.http.commands import Store
from shared.chassis.mongo import Mongo
from shared.contracts.matching import Mode
from shared.contracts.taxonomy import PRIORITIES, TOPICS


async def _wanted(
    store: Store,
    mode: Annotated[Mode | None, Query(description="Only this mode.")] = None,
    topic: Annotated[str | None, Query(max_length=100, description="Partners on a topic, or on a priority.")] = None,
    district: Annotated[str | None, Query(max_length=100, description="Partners in this district.")] = None,
    min_score: Annotated[float, Query(ge=0, le=1, allow_inf_nan=False, description="From this score on.")] = 0,
) -> Wanted:
    if topic is not None and topic not in TOPICS and topic not in PRIORITIES:
        priorities = ", ".join(PRIORITIES)
        raise Invalid(
            "topic-unknown",
            it=f"{topic} non è un tema né una priorità della tassonomia.",
            en=f"{topic} is no topic and no priority of the taxonomy.",
            errors=(
                FieldError(
                    "topic",
                    "unknown",
                    f"one of {priorities}, or a topic such as {next(iter(TOPICS))}",
                    f"uno di {priorities}, o un tema come {next(iter(TOPICS))}",
                ),
            ),
        )
    if district is not None and not await is_district(store, district):
        allowed = ", ".join(sorted(await store[DISTRICTS.collection].distinct("_id"))) or "-"
        raise Invalid(
            "district-unknown",
            it=f"{district} non è un distretto noto qui.",
            en=f"{district} is no district known here.",
            errors=(FieldError("district", "unknown", f"one of {allowed}", f"uno di {allowed}"),),
        )
    return Wanted(mode, topic, district, min_score)


AsWanted = Annotated[Wanted, Depends(_wanted)]


async def is_district(store: Mongo, id: str) -> bool:
    """Tell whether a district by this id was opened."""
    return await store[DISTRICTS.collection].count_documents({"_id": id}, limit=1) > 0


async def known_district(store: Mongo, id: str) -> None:
    """Raise NotFound where no district by this id was opened."""
    if not await is_district(store, id):
        raise NotFound("district-unknown", it=f"{id} non è un distretto noto qui.", en=f"{id} is no district known here.")
