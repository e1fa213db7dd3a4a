"""The rules of an appointment when the day changes: it gets another table, or is given up while its meeting stays accepted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.rules.checks import existing
from services.events.meeting.state import Appointment, Meeting
from services.events.texts import TEXTS
from shared.chassis.texts import text
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import AppointmentDropped, AppointmentMade

Unavailable = Mapping[str, Collection[int]]
"""The slots in which each participant is not available; who does not take part is absent."""
UNAVAILABLE: LocalizedText = TEXTS.localized(text("side-unavailable"))


def obstacle(meeting: Meeting, brokerage_event: BrokerageEvent, unavailable: Unavailable, now: datetime) -> LocalizedText | None:
    """Say why an appointment that is to come cannot be where it is; None where it can.

    Who came in spite of its availability when it was made still comes. Where somebody has withdrawn, the meeting itself is
    cancelled.
    """
    made = meeting.appointment
    all_take_part = unavailable.keys() >= set(meeting.sides)
    if made is None or not all_take_part or meeting.attendance is not None or brokerage_event.status == "closed":
        return None
    if brokerage_event.slots[made.slot - 1].starts <= now:
        return None
    overrides = made.override_availability
    if overrides is not None and any(made.slot in unavailable[side] for side in meeting.sides if side not in overrides):
        return UNAVAILABLE
    if made.table not in brokerage_event.closed_tables:
        return None
    return TEXTS.localized(text("appointment-table-closed", table=made.table))


def relocate(
    state: Meeting | None,
    seen: Appointment,
    table: int | None,
    brokerage_event: BrokerageEvent,
    unavailable: Unavailable,
    now: datetime,
) -> Sequence[DomainEvent]:
    """Move an appointment that cannot stay to the `table` that is free in its slot, with the same people, or give it up.

    Nothing changes without an obstacle, or where it is no longer the one for which a table was looked for (`seen`).
    """
    meeting = existing(state)
    reason = obstacle(meeting, brokerage_event, unavailable, now)
    if reason is None or meeting.appointment != seen:
        return []
    if table is None or reason == UNAVAILABLE:
        return [AppointmentDropped(event_id=meeting.event_id, slot=seen.slot, table=seen.table, reason=reason)]
    return [
        AppointmentMade(
            event_id=meeting.event_id,
            slot=seen.slot,
            table=table,
            people=seen.people,
            moved=True,
            anyway=seen.override_availability,
        )
    ]
