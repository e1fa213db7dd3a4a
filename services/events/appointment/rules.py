"""The rules of an appointment: the slot and the table a meeting has to itself, outside the agenda."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from services.events.attendance.rules import agreed, sides
from services.events.brokerage.rules import Brokerage, not_closed
from services.events.errors import invalid, refused
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import AppointmentDropped, AppointmentMade, AppointmentProposed

Place: TypeAlias = tuple[int, tuple[str, ...]]
"""A table, and who of each member sits there."""
Meeting: TypeAlias = Mapping[str, Any]
Told: TypeAlias = AppointmentProposed | AppointmentMade | AppointmentDropped
TOLD = (AppointmentProposed, AppointmentMade, AppointmentDropped)


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


def appoint(state: Meeting | None, wish: Wish, chance: Chance, event: Brokerage) -> Sequence[DomainEvent]:
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
    said = _saying(meeting.get("proposal"), wish)
    if wish.by is not None and set(sides(meeting)) - {wish.by, *said}:
        proposed = AppointmentProposed(event_id=meeting["event_id"], by=wish.by, slot=wish.slot, table=wish.table)
        return [] if wish.by in said else [proposed]
    table, people = free_place(chance.place, table_of(meeting, wish))
    moved = here is not None and here != (wish.slot, table)
    anyway = who_comes_anyway(meeting, chance.unavailable)
    made = {"slot": wish.slot, "table": table, "people": people, "moved": moved, "anyway": anyway}
    return [AppointmentMade(event_id=meeting["event_id"], **made)]


def who_comes_anyway(meeting: Meeting, unavailable: Collection[str]) -> tuple[str, ...]:
    """Name the sides that are not available in the slot, and come: they, or a manager, said so."""
    return tuple(side for side in sides(meeting) if side in unavailable)


def table_of(meeting: Meeting, wish: Wish) -> int | None:
    """Say at which table the meeting would be: the one wished for, else the one the others wish for, else any."""
    proposal = meeting.get("proposal")
    return proposal["table"] if wish.table is None and proposal and proposal["slot"] == wish.slot else wish.table


def evolve(state: Meeting, event: Told) -> dict[str, Any]:
    """Return what changes in a meeting. The last appointment is kept when it is over: calendars are to take it back."""
    if isinstance(event, AppointmentMade):
        anyway = None if event.anyway is None else list(event.anyway)
        place = {"slot": event.slot, "table": event.table, "people": list(event.people), "anyway": anyway}
        return {"appointment": place, "proposal": None, "last_appointment": place, "turns": state.get("turns", 0) + 1}
    if isinstance(event, AppointmentDropped):
        return {"appointment": None, "proposal": None, "turns": state.get("turns", 0) + 1}
    wish = Wish(event.slot, event.table, event.by)
    said = [one for one in _saying(state.get("proposal"), wish) if one != event.by]
    return {"proposal": {"slot": event.slot, "table": table_of(state, wish), "by": [*said, event.by]}}


def free_place(place: Place | None, table: int | None = None) -> Place:
    """Return the place that was found, at `table` where that was asked for. Raises Refusal where there is none."""
    if place is not None:
        return place
    if table is not None:
        raise refused(
            "table-not-theirs",
            "table",
            it="Questo tavolo non è per loro: è di altri, virtuale o troppo piccolo. Indicarne un altro, o nessuno.",
            en="This table is not for them: it is somebody's, virtual or too small. Name another, or none.",
        )
    it = "In questo slot nessun tavolo adatto è libero."
    raise refused("no-table-free", "slot", it=it, en="No table that fits is free in this slot.")


def check_slot(number: int, event: Brokerage, now: datetime | None) -> None:
    """Raise unless the slot exists and has not begun."""
    slots = event["slots"]
    if number > len(slots):
        raise invalid("slot", "slot", it=f"gli slot vanno da 1 a {len(slots)}", en=f"slots run from 1 to {len(slots)}")
    if now is not None and slots[number - 1]["starts"] <= now:
        raise refused("slot-begun", "slot", it="Questo slot è già cominciato.", en="This slot has begun already.")


def check_table(table: int | None, event: Brokerage) -> None:
    """Raise Invalid where a table is asked for that does not exist or is closed."""
    if table is not None and (table > event["tables"] or table in event["closed_tables"]):
        raise invalid("table", "table", it="il tavolo non esiste o è chiuso", en="there is no such table, or it is closed")


def _check_movable(meeting: Meeting, here: tuple[int, int] | None, wish: Wish, event: Brokerage, now: datetime) -> None:
    """Raise Refusal where the meeting is to stay `here`: it has begun, or it is a side that would move it."""
    if here is not None and wish.by is not None:
        it = "L'incontro ha già un posto: può spostarlo un gestore dell'evento."
        raise Refusal("meeting-placed", it=it, en="The meeting has its place already: a manager of the event can move it.")
    begun = here is not None and event["slots"][here[0] - 1]["starts"] <= now
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


def _saying(proposal: Mapping[str, Any] | None, wish: Wish) -> list[str]:
    """Name who wishes for the same: the same slot, and no other table."""
    if proposal is None or proposal["slot"] != wish.slot:
        return []
    return list(proposal["by"]) if proposal["table"] is None or wish.table in (None, proposal["table"]) else []
