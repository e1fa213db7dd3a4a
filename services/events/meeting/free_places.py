"""Where an appointment outside the agenda can be: a table that is free in its slot, and people who are."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules.place_claims import place_claims
from services.events.agenda.rules.table_ownership import own_tables, table_use, tables_for
from services.events.agenda.state import OwnTable, Placement
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.queries import appointments, as_placement
from services.events.meeting.rules.representatives import asked_for, people_of
from services.events.meeting.state import Place
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import taking_part
from services.events.registration.state import Registration
from shared.chassis.documents import parse
from shared.chassis.mongo import Mongo
from shared.chassis.writes.queries import find_aggregates
from shared.chassis.writes.write_path import CLAIMS

T = TypeVar("T")


async def place_for(
    mongo: Mongo,
    event_id: str,
    event: BrokerageEvent,
    members: Sequence[str],
    slot: int,
    table: int | None,
    named: Collection[str] = (),
    own: Iterable[Mapping[str, Any]] = (),
) -> Place | None:
    """Choose a free table (unless `table` is asked for) and people that are free; None where no table that fits is.

    Of a member that has one of the `named` it is that one. The meeting gives up the places that are its `own`: it stays at
    that table in the same slot, and with the same people, where that is possible. Where everybody of a member is taken, the
    first is chosen: the claim then says by whom. Chosen at random, so that many at once seldom want the same.
    """
    registered = await taking_part(mongo, event_id, members)
    several = [asked_for(people_of(registered[member]), named) if member in registered else (member,) for member in members]
    states = [registered[member] for member in members if member in registered]
    tables = tables_for(event, states, await _owned(mongo, event_id, event, registered)) if len(states) > 1 else ()
    tables = tuple(number for number in tables if table in (None, number))
    claims = {n: _claim(event_id, slot, table=n) for n in tables}
    persons = {person: _claim(event_id, slot, person=person) for people in several for person in people}
    wanted = [*claims.values(), *persons.values()]
    before = [(place["slot"], place["table"], place["people"]) for place in own]
    mine = {claim for place in before for claim in place_claims(event_id, *place)}
    taken = {claim["_id"] async for claim in mongo[CLAIMS].find({"_id": {"$in": wanted}}, {"_id": 1})} - mine
    free = [n for n in tables if claims[n] not in taken or n == table]
    if not free:
        return None
    idle = [[person for person in people if persons[person] not in taken] or people[:1] for people in several]
    here = {number for at, number, _ in before if at == slot}
    seated = {person for *_, people in before for person in people}
    return _choose(free, here), tuple(_choose(people, seated) for people in idle)


def _choose(free: Sequence[T], kept: Collection[T]) -> T:
    """Choose at random, one of those to be kept before all others."""
    return secrets.choice([one for one in free if one in kept] or free)


async def _owned(mongo: Mongo, event_id: str, event: BrokerageEvent, sides: Mapping[str, Registration]) -> Mapping[str, int]:
    """Read whose table is whose, as the agenda that is published and the appointments have it."""
    fixed = [table.member_id for table in event.special_tables if table.kind == "fixed"]
    owning = {"$or": [{"state.fixed_table": True}, {"state.member_id": {"$in": fixed}}]}
    wanted = {"state.event_id": event_id, "state.status": "registered", **owning}
    here = {stored.state.member_id: stored.state for stored in await find_aggregates(mongo, REGISTRATION, wanted)}
    if not here:
        return {}
    involved = {"$setIntersection": [{"$concatArrays": ["$$this.members", "$$this.others"]}, sorted(here)]}
    theirs = {"$filter": {"input": "$state.placements", "cond": {"$ne": [involved, []]}}}
    agenda = await mongo[AGENDA.collection].find_one({"_id": event_id}, {"placed": theirs, "own_tables": "$state.own_tables"})
    booked = [as_placement(one) for one in await appointments(mongo, event_id)]
    placed = parse(tuple[Placement, ...], agenda["placed"]) if agenda else ()
    own = parse(tuple[OwnTable, ...], agenda["own_tables"]) if agenda else ()
    published = {table.member_id: table.table for table in own}
    return own_tables(event, {**here, **sides}, published, table_use([*placed, *booked]))


def _claim(event_id: str, slot: int, table: int = 0, person: str | None = None) -> str:
    *people, of_table = place_claims(event_id, slot, table, [] if person is None else [person])
    return people[0] if people else of_table
