"""The rules of an appointment when the day changes: it gets another table, or is given up while its meeting stays agreed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.state import Meeting, existing, sides
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import AppointmentDropped, AppointmentMade

AWAY = LocalizedText(it="Un partecipante non è disponibile in questo orario.", en="A participant is not available at this time.")
Unavailable = Mapping[str, Collection[int]]
"""In which slots each of those who take part cannot meet anybody; who does not take part is not in it."""


def hinders(meeting: Meeting, event: BrokerageEvent, unavailable: Unavailable, now: datetime) -> LocalizedText | None:
    """Say why an appointment that is to come cannot be where it is; None where it can.

    Who came anyway when it was made comes still. Where somebody has withdrawn, the meeting itself is called off.
    """
    made = meeting["appointment"]
    here = unavailable.keys() >= set(sides(meeting))
    if made is None or not here or meeting["attendance"] is not None or event.status == "closed":
        return None
    if event.slots[made["slot"] - 1].starts <= now:
        return None
    anyway = made.get("anyway")
    if anyway is not None and any(made["slot"] in unavailable[side] for side in sides(meeting) if side not in anyway):
        return AWAY
    if made["table"] not in event.closed_tables:
        return None
    number = made["table"]
    return LocalizedText(
        it=f"Il tavolo {number} è chiuso, e nello stesso orario nessun altro tavolo adatto è libero.",
        en=f"Table {number} is closed, and no other table that fits is free at that time.",
    )


def follow(
    state: Meeting | None,
    seen: Mapping[str, Any],
    table: int | None,
    event: BrokerageEvent,
    unavailable: Unavailable,
    now: datetime,
) -> Sequence[DomainEvent]:
    """Have an appointment follow what hinders it: to the `table` that is free in its slot, with the same people, or given up.

    Nothing changes where nothing hinders it, or where it is not the one any more for which a table was looked for (`seen`).
    """
    meeting = existing(state)
    reason = hinders(meeting, event, unavailable, now)
    if reason is None or meeting["appointment"] != seen:
        return []
    id, slot = meeting["event_id"], seen["slot"]
    if table is None or reason == AWAY:
        return [AppointmentDropped(event_id=id, slot=slot, table=seen["table"], reason=reason)]
    made = {"people": tuple(seen["people"]), "moved": True, "anyway": seen.get("anyway")}
    return [AppointmentMade(event_id=id, slot=slot, table=table, **made)]
