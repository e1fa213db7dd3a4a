"""Who does not come on a day of the event. Pure.

It is decided by day: who was checked in is there on that day, and who did not come on one day is expected on the next.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.events.brokerage.rules.days import current_day, local_day
from services.events.brokerage.state import BrokerageEvent, Slot
from services.events.meeting.state import Meeting
from services.events.registration.rules.participation import days_checked_in
from services.events.registration.state import Registration

GRACE_PARTS = 3
"""A side's statement that another was absent counts after one part in so many of the slot. Until then who is late may still
come, and the statement would cost it all its other meetings; later hardly a meeting is left to hold, and who waits loses time."""


def no_shows(
    brokerage_event: BrokerageEvent,
    meetings: Mapping[str, Meeting],
    registrations: Sequence[Registration],
    slots: Mapping[str, int],
    now: datetime,
) -> dict[str, frozenset[int]]:
    """Name who does not come today, at an event that checks people in today, with the slots of today.

    It was absent from a meeting of today, is not checked in today, and was in no meeting of today that was held. Who attends
    remotely is never checked in, and never a no-show. `slots` are those of meetings in the newest agenda.
    """
    day = current_day(brokerage_event, now)
    today = _slots_on(brokerage_event, day)
    checked_in = {registration.member_id for registration in registrations if day in days_checked_in(registration, brokerage_event)}
    remote = {registration.member_id for registration in registrations if registration.attends == "virtual"}
    missed: set[str] = set()
    present: set[str] = set()
    for id, meeting in meetings.items():
        number = meeting.appointment.slot if meeting.appointment else slots.get(id, 0)
        slot, attendance = today.get(number), meeting.attendance
        if slot is None or attendance is None:
            continue
        present.update(side for side in meeting.sides if meeting.attended(side))
        if attendance.by is None or slot.starts + (slot.ends - slot.starts) / GRACE_PARTS <= now:
            missed.update(attendance.absent)
    return dict.fromkeys(missed - present - checked_in - remote if checked_in else (), frozenset(today))


def _slots_on(brokerage_event: BrokerageEvent, day: str) -> dict[int, Slot]:
    return {slot.number: slot for slot in brokerage_event.slots if local_day(brokerage_event, slot.starts) == day}
