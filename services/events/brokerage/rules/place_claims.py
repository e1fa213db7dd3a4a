"""The claims of a meeting on its people and its table: nobody and no table is booked twice in a slot."""

from collections.abc import Iterable

from services.events.errors import refused
from shared.chassis.errors import Refusal


def place_claims(event_id: str, slot: int, table: int, people: Iterable[str]) -> Iterable[str]:
    """Name the claims of a meeting on its people and its table in a slot, of an agenda or of an appointment."""
    yield from (person_claim(event_id, slot, person) for person in people)
    yield table_claim(event_id, slot, table)


def person_claim(event_id: str, slot: int, person: str) -> str:
    """Name the claim on a person in a slot."""
    return f"{event_id}:{slot}:person:{person}"


def table_claim(event_id: str, slot: int, table: int) -> str:
    """Name the claim on a table in a slot."""
    return f"{event_id}:{slot}:table:{table}"


def claim_taken(claim: str) -> Refusal:
    """Refuse a place, naming the person or the table that another meeting has in the slot."""
    # The ids of events and people may hold colons themselves.
    place, kind, table = claim.rpartition(":table:")
    if kind and table.isdigit():
        return refused("table-taken", "table", slot=place.rpartition(":")[2], table=table)
    place, _, person = claim.partition(":person:")
    return refused("person-booked", "slot", slot=place.rpartition(":")[2], person=person)
