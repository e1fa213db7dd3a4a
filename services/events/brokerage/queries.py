"""Reading brokerage events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.state import BrokerageEvent, Status, Table
from services.events.named_members import check_named_members
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import Principal
from shared.chassis.http.pagination import Page, aggregate_page
from shared.chassis.mongo import Mongo, Session
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregate
from shared.contracts.events import Occasion

T = TypeVar("T")


@dataclass(frozen=True)
class BrokerageEventFilter:
    """Which brokerage events to list; None leaves a criterion out."""

    district: str | None
    status: Status | None


async def read_brokerage_event(mongo: Mongo, id: str, session: Session | None = None) -> Stored[BrokerageEvent]:
    """Read a brokerage event. Raises NotFound."""
    stored = await find_aggregate(mongo, BROKERAGE, id, session)
    if stored is None:
        raise unknown_event()
    return stored


async def check_owners_of_tables(mongo: Mongo, occasion: Occasion, before: Iterable[Table] = ()) -> None:
    """Raise Invalid where a table is to be nobody's; whose it was `before` it may stay."""
    tables = enumerate(occasion.special_tables)
    owners = {f"special_tables.{index}.member_id": table.member_id for index, table in tables if table.member_id}
    await check_named_members(mongo, owners, {table.member_id for table in before if table.member_id})


async def list_brokerage_events(
    mongo: Mongo,
    criteria: BrokerageEventFilter,
    principal: Principal | None,
    limit: int,
    cursor: str | None,
    show: Callable[[Stored[BrokerageEvent]], T],
) -> Page[T]:
    """Read a page of brokerage events in the order of their ids; of the drafts those that the principal manages."""
    query: dict[str, Any] = {}
    if criteria.district is not None:
        query["state.districts"] = criteria.district
    if criteria.status is not None:
        query["state.status"] = criteria.status
    if principal is None or "operator" not in principal.roles:
        managed = sorted(principal.managed) if principal is not None else []
        query["$or"] = [{"state.status": {"$ne": "draft"}}, {"state.districts": {"$in": managed}}]
    return await aggregate_page(mongo, BROKERAGE, query, limit, cursor, show)


def unknown_event() -> NotFound:
    """Say that there is no brokerage event by an id."""
    return NotFound("event-unknown")
