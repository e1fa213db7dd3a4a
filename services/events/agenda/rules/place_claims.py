"""The claims of a meeting on its people and its table: nobody and no table is booked twice in a slot."""

from collections.abc import Iterable

from services.events.errors import refused
from shared.chassis.errors import Refusal


def place_claims(event: str, slot: int, table: int, people: Iterable[str]) -> Iterable[str]:
    """Name the claims of a meeting on its people and its table in a slot, of an agenda or of an appointment."""
    yield from (f"{event}:{slot}:person:{person}" for person in people)
    yield f"{event}:{slot}:table:{table}"


def taken(claim: str) -> Refusal:
    """Refuse a place because another meeting holds a claim on it: say who or what is not free in which slot."""
    _, slot, kind, holder = claim.split(":", 3)
    if kind == "table":
        return refused("table-taken", "table", slot=slot, table=holder)
    return refused("person-booked", "slot", slot=slot, person=holder)
