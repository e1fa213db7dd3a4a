"""The days of an event, where it takes place, as ISO 8601 writes them. A slot is of the day on which it begins."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.events.brokerage.state import BrokerageEvent


def local_day(event: BrokerageEvent, moment: datetime) -> str:
    """Say which day it is at a moment."""
    return moment.astimezone(ZoneInfo(event.timezone)).date().isoformat()


def days_of(event: BrokerageEvent) -> list[str]:
    """Name the days that have slots, in order."""
    return sorted({local_day(event, slot.starts) for slot in event.slots})


def current_day(event: BrokerageEvent, now: datetime) -> str:
    """Say which of its days an event is at: the first from today on, the last where all are over."""
    days, today = days_of(event), local_day(event, now)
    return next((day for day in days if day >= today), days[-1])


def next_slot(event: BrokerageEvent, now: datetime) -> int:
    """Say which slot is the first that has not begun; one more than there are where all have."""
    return sum(1 for slot in event.slots if slot.starts <= now) + 1


def under_way(event: BrokerageEvent, now: datetime) -> bool:
    """Tell whether the day runs: it was started or its first slot has begun, and a slot is still to come."""
    coming = next_slot(event, now)
    return coming <= len(event.slots) and (event.status == "running" or coming > 1)
