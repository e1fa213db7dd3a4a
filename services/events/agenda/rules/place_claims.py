"""The claims of a meeting on its people and its table: nobody and no table is booked twice in a slot."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.events.errors import refused
from shared.chassis.errors import Refusal


def seated(placement: Mapping[str, Any]) -> Sequence[str]:
    """Name who sits in a meeting of an agenda: the members, where it says nobody else."""
    return placement["people"] or [*placement["members"], *placement["others"]]


def place_claims(event: str, slot: int, table: int, people: Iterable[str]) -> Iterable[str]:
    """Name the claims of a meeting on its people and its table in a slot, of an agenda or of an appointment."""
    yield from (f"{event}:{slot}:person:{person}" for person in people)
    yield f"{event}:{slot}:table:{table}"


def taken(claim: str) -> Refusal:
    """Say of a place that was wanted who or what is not free in which slot, and what to do."""
    _, slot, what, which = claim.split(":", 3)
    if what == "table":
        it = f"Nello slot {slot} il tavolo {which} è occupato: sceglierne un altro, o un altro slot."
        en = f"Table {which} is taken in slot {slot}: choose another one, or another slot."
        return refused("table-taken", "table", it=it, en=en)
    it = f"{which} ha già un incontro nello slot {slot}: scegliere un altro slot o, se ne ha, un altro rappresentante."
    en = f"{which} has a meeting in slot {slot} already: choose another slot or, where it has one, another representative."
    return refused("person-booked", "slot", it=it, en=en)
