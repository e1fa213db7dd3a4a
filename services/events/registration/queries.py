"""Reading registrations."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from services.events.projections import withdrawn_members
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.state import Registration, Status
from shared.chassis.errors import NotFound
from shared.chassis.http.pagination import Page, aggregate_page
from shared.chassis.ids import computed_id
from shared.chassis.mongo import Mongo, Session
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregate, find_aggregates, find_by_ids

T = TypeVar("T")


@dataclass(frozen=True)
class RegistrationFilter:
    """Which registrations of an event to list; None leaves a criterion out."""

    event_id: str
    status: Status | None
    checked_in: bool | None


def registration_id(event_id: str, member: str) -> str:
    """Compute the id of the one registration of a member at an event."""
    return computed_id("registration", event_id, member)


async def find_registration(mongo: Mongo, event_id: str, member: str) -> Stored[Registration] | None:
    """Read the registration of a member, withdrawn ones too; None where there is none."""
    return await find_aggregate(mongo, REGISTRATION, registration_id(event_id, member))


async def known_registration(mongo: Mongo, event_id: str, member: str) -> Stored[Registration]:
    """Read the registration of a member, withdrawn ones too. Raises NotFound where there is none."""
    stored = await find_registration(mongo, event_id, member)
    if stored is None:
        raise not_registered()
    return stored


async def registration(mongo: Mongo, event_id: str, member: str) -> Stored[Registration]:
    """Read the registration of a participant. Raises NotFound where it has none, or withdrew."""
    stored = await find_registration(mongo, event_id, member)
    if stored is None or stored.state.status != "registered":
        raise not_registered()
    return stored


async def taking_part(mongo: Mongo, event_id: str, members: Iterable[str]) -> dict[str, Registration]:
    """Read the registrations of these members: of those that are registered and have not left the registry."""
    members = list(members)
    left = await withdrawn_members(mongo, members)
    ids = [registration_id(event_id, member) for member in members if member not in left]
    registered = await find_by_ids(mongo, REGISTRATION, ids, {"state.status": "registered"})
    return {stored.state.member_id: stored.state for stored in registered}


async def registrations_of(
    mongo: Mongo, event_id: str, members: Iterable[str], session: Session | None = None
) -> list[Stored[Registration]]:
    """Read the registrations of these members, withdrawn ones too, in the order of their ids."""
    ids = [registration_id(event_id, member) for member in members]
    return await find_by_ids(mongo, REGISTRATION, ids, session=session)


async def waiting_list(mongo: Mongo, event_id: str) -> list[Stored[Registration]]:
    """Read the registrations on standby, in the order in which they are promoted."""
    standby = await find_aggregates(mongo, REGISTRATION, {"state.event_id": event_id, "state.status": "standby"})
    return sorted(standby, key=lambda stored: (stored.state.since or stored.changed, stored.id))


async def members_taking_part(mongo: Mongo, event_ids: Iterable[str]) -> set[str]:
    """Read which members have a registration, at one of these events, that is not withdrawn."""
    return set(await mongo[REGISTRATION.collection].distinct("state.member_id", _active(event_ids)))


async def active_registrations(
    mongo: Mongo, event_ids: Iterable[str], members: Iterable[str] | None = None
) -> list[Stored[Registration]]:
    """Read the registrations at these events, of these members where they are given, that are not withdrawn."""
    query = _active(event_ids)
    if members is not None:
        query["state.member_id"] = {"$in": list(members)}
    return await find_aggregates(mongo, REGISTRATION, query)


def _active(event_ids: Iterable[str]) -> dict[str, Any]:
    return {"state.event_id": {"$in": list(event_ids)}, "state.status": {"$ne": "withdrawn"}}


async def list_registrations(
    mongo: Mongo, criteria: RegistrationFilter, limit: int, cursor: str | None, show: Callable[[Stored[Registration]], T]
) -> Page[T]:
    """Read a page of the registrations of an event, in the order of their ids."""
    query: dict[str, Any] = {"state.event_id": criteria.event_id}
    if criteria.status is not None:
        query["state.status"] = criteria.status
    if criteria.checked_in is not None:
        query["state.checked_in"] = criteria.checked_in
    return await aggregate_page(mongo, REGISTRATION, query, limit, cursor, show)


async def labels(mongo: Mongo, event_id: str, members: Iterable[str]) -> dict[str, str]:
    """Read the labels of these members' representatives, by `member:representative`; those without one are absent."""
    query = {
        "state.event_id": event_id,
        "state.member_id": {"$in": list(members)},
        "state.representatives.label": {"$type": "string"},
    }
    return {
        f"{stored.state.member_id}:{representative.id}": representative.label
        for stored in await find_aggregates(mongo, REGISTRATION, query)
        for representative in stored.state.representatives
        if representative.label
    }


def not_registered() -> NotFound:
    """Refuse what needs a registration."""
    return NotFound("not-registered")
