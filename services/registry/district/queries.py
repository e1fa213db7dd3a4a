"""Reading districts."""

from collections.abc import Callable
from typing import TypeVar

from services.registry.district.aggregate import DISTRICT
from services.registry.district.state import District
from shared.chassis.http.pagination import Page, aggregate_page
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored

T = TypeVar("T")


async def district_ids(mongo: Mongo) -> frozenset[str]:
    """Read the ids of the open districts."""
    return frozenset(await mongo[DISTRICT.collection].distinct("_id"))


async def list_districts(mongo: Mongo, limit: int, cursor: str | None, show: Callable[[Stored[District]], T]) -> Page[T]:
    """Read a page of districts in the order of their ids."""
    return await aggregate_page(mongo, DISTRICT, {}, limit, cursor, show)
