"""The rules of an appointment: the slot and the table a meeting has to itself, outside the agenda."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.events.brokerage.rules.lifecycle import not_closed
from services.events.brokerage.rules.places import check_slot, check_table
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused
from services.events.meeting.rules.free_place import free_place
from services.events.meeting.state import Meeting, Place, agreed, come_though_unavailable, proposed_table, proposers, sides
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import AppointmentMade, AppointmentProposed


@dataclass(frozen=True)
class Wish:
    """Where an accepted meeting is to be. Without `by` a manager says so, and decides.

    `anyway`: although one of them said that it is not available then.
    """

    slot: int
    table: int | None = None
    by: str | None = None
    anyway: bool = False


@dataclass(frozen=True)
class Chance:
    """What other aggregates said when the command came: who is registered, where the newest agenda has the meeting (a slot and
    a table), a free place, and who is not available in the slot."""

    registered: frozenset[str]
    in_agenda: tuple[int, int] | None
    place: Place | None
    now: datetime
    unavailable: frozenset[str] = frozenset()


def appoint(state: Meeting | None, wish: Wish, chance: Chance, event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Give an accepted meeting that has no place a slot and a table: proposed by one side, made when all sides say the same.

    The same again changes nothing; another slot is another proposal, which the others are to agree to. A manager decides, and
    also moves what has a place and has not begun; in the very place that the agenda has for it, it stays from now on.
    """
    meeting = agreed(state, wish.by)
    not_closed(event)
    made = meeting["appointment"]
    if made is not None and made["slot"] == wish.slot and wish.table in (None, made["table"]):
        return []
    here = (made["slot"], made["table"]) if made is not None else chance.in_agenda
    _check_movable(meeting, here, wish, event, chance.now)
    check_slot(wish.slot, event, chance.now)
    check_table(wish.table, event)
    for member in sides(meeting):
        if member not in chance.registered:
            raise refused("not-registered", "by", it=f"{member} non è iscritto all'evento.", en=f"{member} is not registered.")
    if wish.by is None and not wish.anyway:
        _check_available(sides(meeting), chance.unavailable)
    said = proposers(meeting.get("proposal"), wish.slot, wish.table)
    if wish.by is not None and set(sides(meeting)) - {wish.by, *said}:
        proposed = AppointmentProposed(event_id=meeting["event_id"], by=wish.by, slot=wish.slot, table=wish.table)
        return [] if wish.by in said else [proposed]
    table, people = free_place(chance.place, proposed_table(meeting, wish.slot, wish.table))
    moved = here is not None and here != (wish.slot, table)
    anyway = come_though_unavailable(meeting, chance.unavailable)
    made = {"slot": wish.slot, "table": table, "people": people, "moved": moved, "anyway": anyway}
    return [AppointmentMade(event_id=meeting["event_id"], **made)]


def _check_movable(meeting: Meeting, here: tuple[int, int] | None, wish: Wish, event: BrokerageEvent, now: datetime) -> None:
    """Raise Refusal where the meeting is to stay `here`: it has begun, or it is a side that would move it."""
    if here is not None and wish.by is not None:
        it = "L'incontro ha già un posto: può spostarlo un gestore dell'evento."
        raise Refusal("meeting-placed", it=it, en="The meeting has its place already: a manager of the event can move it.")
    begun = here is not None and event.slots[here[0] - 1].starts <= now
    if begun or meeting["attendance"] is not None:
        raise Refusal("meeting-begun", it="L'incontro è già cominciato.", en="The meeting has begun already.")


def _check_available(members: Sequence[str], unavailable: frozenset[str]) -> None:
    """A side that proposes or agrees speaks for itself; a manager does not."""
    for member in members:
        if member in unavailable:
            raise refused(
                "not-available",
                "slot",
                it=f"{member} non è disponibile in questo slot: sceglierne un altro, o confermare con `anyway`.",
                en=f"{member} is not available in this slot: choose another, or confirm with `anyway`.",
            )
