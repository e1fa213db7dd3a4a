"""Where an appointment outside the agenda can be: a table that is free in its slot, and people who are."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.events.domain.agendas import place_claims
from services.events.domain.appointing import Place
from services.events.people import asked_for, people_of
from services.events.store import taking_part
from shared.chassis.mongo import Mongo
from shared.chassis.write import CLAIMS


async def place_for(
    mongo: Mongo,
    event_id: str,
    event: Mapping[str, Any],
    members: Sequence[str],
    slot: int,
    table: int | None,
    named: Collection[str] = (),
) -> Place | None:
    """Choose a free table (unless `table` is asked for) and people that are free; None where no table is.

    Of a member that has one of the `named` it is that one.
    Where everybody of a member is taken, the first is chosen: the claim then says by whom. Chosen at random, so that many
    at once seldom want the same.
    """
    registered = await taking_part(mongo, event_id, members)
    several = [asked_for(people_of(registered[member]), named) if member in registered else (member,) for member in members]
    shared = {one["number"]: one["kind"] == "shared" for one in event["special_tables"]}
    tables = [n for n in range(1, event["tables"] + 1) if shared.get(n, True) and n not in event["closed_tables"]]
    tables = [table] if table is not None else tables
    claims = {n: _claim(event_id, slot, table=n) for n in tables}
    persons = {person: _claim(event_id, slot, person=person) for people in several for person in people}
    wanted = [*claims.values(), *persons.values()]
    taken = {claim["_id"] async for claim in mongo[CLAIMS].find({"_id": {"$in": wanted}}, {"_id": 1})}
    free = [n for n in tables if claims[n] not in taken or n == table]
    if not free:
        return None
    idle = [[person for person in people if persons[person] not in taken] or people[:1] for people in several]
    return secrets.choice(free), tuple(secrets.choice(people) for people in idle)


def _claim(event_id: str, slot: int, table: int = 0, person: str | None = None) -> str:
    *people, of_table = place_claims(event_id, slot, table, [] if person is None else [person])
    return people[0] if people else of_table
