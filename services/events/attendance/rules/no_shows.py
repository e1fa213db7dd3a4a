"""Who does not come on a day of the event. Pure.

It is reckoned by day: who was checked in is there on that day, and who did not come on one day is awaited again on the next.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.events.brokerage.rules.days import current_day, local_day
from services.events.brokerage.state import BrokerageEvent, Slot
from services.events.meeting.state import sides, was_there
from services.events.registration.rules.participation import days_there
from services.events.registration.state import Registration

PATIENCE = 3
"""A side's word that somebody did not come counts once one part in so many of the slot is over. Until then who is late may still
come, and the word would take all its other meetings away; later hardly a meeting is left to hold, and those who wait lose time."""


def away_from(
    event: BrokerageEvent,
    meetings: Iterable[Mapping[str, Any]],
    registrations: Iterable[Registration],
    placed: Mapping[str, int],
    now: datetime,
) -> dict[str, frozenset[int]]:
    """Name who does not come today, at an event that checks people in today, and the slots it is away from: those of today, not
    those of later days.

    It was absent from a meeting of today, is not checked in today, and was in no meeting of today that was held. Who attends
    from afar is never checked in: of those nothing can be told. `placed` are the slots of meetings in the newest agenda.
    """
    day = current_day(event, now)
    today = _slots_on(event, day)
    registrations = list(registrations)
    checked_in = {registration.member_id for registration in registrations if day in days_there(registration, event)}
    virtual = {registration.member_id for registration in registrations if registration.attends == "virtual"}
    missed: set[str] = set()
    held: set[str] = set()
    for one in meetings:
        slot, said = today.get(_slot_of(one, placed)), one["state"]["attendance"]
        if slot is None or said is None:
            continue
        held.update(side for side in sides(one["state"]) if was_there(one["state"], side))
        if said["by"] is None or slot.starts + (slot.ends - slot.starts) / PATIENCE <= now:
            missed.update(said["absent"])
    return dict.fromkeys(missed - held - checked_in - virtual if checked_in else (), frozenset(today))


def _slots_on(event: BrokerageEvent, day: str) -> dict[int, Slot]:
    return {slot.number: slot for slot in event.slots if local_day(event, slot.starts) == day}


def _slot_of(meeting: Mapping[str, Any], placed: Mapping[str, int]) -> int:
    """Say in which slot a meeting is; 0 where it has no place."""
    appointment = meeting["state"]["appointment"]
    number: int = appointment["slot"] if appointment else placed.get(meeting["_id"], 0)
    return number
