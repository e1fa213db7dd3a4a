"""Finding the place of an appointment: a table that is free in its slot, and people who are."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.events.agenda.queries import tables_in_agenda
from services.events.agenda.rules.table_ownership import own_tables, table_use, tables_for
from services.events.agenda.state import Placement
from services.events.brokerage.rules.place_claims import claim_taken, person_claim, place_claims, table_claim
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.queries import appointment_placements, appointments
from services.events.meeting.rules.context import Place
from services.events.meeting.rules.representatives import eligible
from services.events.meeting.state import Appointment, Meeting
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.overlaps import read_overlaps
from services.events.registration.parallel_bookings import booked_elsewhere
from services.events.registration.queries import taking_part
from services.events.registration.rules.people import people_of
from services.events.registration.state import Registration
from shared.chassis.errors import Claimed
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.claims import CLAIMS
from shared.chassis.writes.queries import find_aggregates

T = TypeVar("T")


@dataclass(frozen=True)
class PlaceSearch:
    """What place is looked for: in a slot, at a table or any, for these sides and the representatives `named`.

    The meeting gives up the places of `own`: it stays at that table in the same slot, and with the same people, where possible.
    """

    slot: int
    table: int | None
    sides: tuple[str, ...]
    named: tuple[str, ...] = ()
    own: tuple[Appointment | Placement, ...] = ()


def appointment_search(request: Meeting | None) -> PlaceSearch | None:
    """Look for the place of a request that is for an appointment; None where it is not."""
    if request is None or request.slot is None:
        return None
    return PlaceSearch(request.slot, request.table, request.sides, request.people)


async def find_place(mongo: Mongo, brokerage_event: Stored[BrokerageEvent], search: PlaceSearch | None) -> Place | None:
    """Choose a free table (unless one is asked for) and free people; None where no suitable table is free, or none is looked for.

    Where all people of a side are taken, its first is chosen: the claim then says by whom. Chosen at random, so that many
    searches at once seldom choose the same.
    """
    if search is None:
        return None
    event_id, state = brokerage_event.id, brokerage_event.state
    registered = await taking_part(mongo, event_id, search.sides)
    candidates = [eligible(people_of(registered[side]), search.named) if side in registered else (side,) for side in search.sides]
    states = [registered[side] for side in search.sides if side in registered]
    suitable = tables_for(state, states, await _owned(mongo, event_id, state, registered)) if len(states) > 1 else ()
    tables = {table: table_claim(event_id, search.slot, table) for table in suitable if search.table in (None, table)}
    people = {person: person_claim(event_id, search.slot, person) for persons in candidates for person in persons}
    taken_claims = await _taken_by_others(mongo, event_id, [*tables.values(), *people.values()], search.own)
    free = [table for table, claim in tables.items() if claim not in taken_claims or table == search.table]
    if not free:
        return None
    overlaps = await read_overlaps(mongo, brokerage_event, search.sides)
    elsewhere = await booked_elsewhere(mongo, overlaps, slots={search.slot})
    present = [
        [person for person in persons if people[person] not in taken_claims and person not in elsewhere] or persons[:1]
        for persons in candidates
    ]
    own_table = {place.table for place in search.own if place.slot == search.slot}
    own_people = {person for place in search.own for person in _people(place)}
    return Place(_choose(free, own_table), tuple(_choose(persons, own_people) for persons in present))


async def check_another_place(
    mongo: Mongo, brokerage_event: Stored[BrokerageEvent], search: PlaceSearch | None, claimed: Claimed
) -> None:
    """After a place was claimed by another meeting, raise Refusal where there is no other, naming who or which table is taken."""
    place = await find_place(mongo, brokerage_event, search)
    if (
        search is not None
        and place is not None
        and claimed.claim in place_claims(brokerage_event.id, search.slot, place.table, place.people)
    ):
        raise claim_taken(claimed.claim) from claimed


async def _taken_by_others(mongo: Mongo, event_id: str, claims: Sequence[str], own: Iterable[Appointment | Placement]) -> set[str]:
    held = {claim for place in own for claim in place_claims(event_id, place.slot, place.table, _people(place))}
    held_claims = mongo[CLAIMS].find({"_id": {"$in": list(claims)}}, {"_id": 1})
    return {document["_id"] async for document in held_claims} - held


async def _owned(
    mongo: Mongo, event_id: str, brokerage_event: BrokerageEvent, sides: Mapping[str, Registration]
) -> Mapping[str, int]:
    """Read who has a table of its own, and which, by the newest agenda and the appointments."""
    fixed = [table.member_id for table in brokerage_event.special_tables if table.kind == "fixed"]
    owning = {"$or": [{"state.fixed_table": True}, {"state.member_id": {"$in": fixed}}]}
    query = {"state.event_id": event_id, "state.status": "registered", **owning}
    owners = {stored.state.member_id: stored.state for stored in await find_aggregates(mongo, REGISTRATION, query)}
    if not owners:
        return {}
    agenda = await tables_in_agenda(mongo, event_id, owners)
    placements = [*agenda.placements, *appointment_placements(await appointments(mongo, event_id))]
    return own_tables(brokerage_event, {**owners, **sides}, agenda.own_table_of, table_use(placements))


def _people(place: Appointment | Placement) -> tuple[str, ...]:
    return place.seated if isinstance(place, Placement) else place.people


def _choose(candidates: Sequence[T], preferred: Collection[T]) -> T:
    """Choose at random, one of the preferred before all others."""
    return secrets.choice([candidate for candidate in candidates if candidate in preferred] or candidates)
