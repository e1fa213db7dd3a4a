"""The days of an event, where it takes place, as ISO 8601 writes them. A slot is of the day on which it begins."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.events.brokerage.state import BrokerageEvent


def local_day(brokerage_event: BrokerageEvent, moment: datetime) -> str:
    """Say which day it is at a moment."""
    return moment.astimezone(ZoneInfo(brokerage_event.timezone)).date().isoformat()


def days_of(brokerage_event: BrokerageEvent) -> list[str]:
    """Name the days that have slots, in order."""
    return sorted({local_day(brokerage_event, slot.starts) for slot in brokerage_event.slots})


def current_day(brokerage_event: BrokerageEvent, now: datetime) -> str:
    """Say which of its days an event is at: the first from today on, the last where all are over."""
    days, today = days_of(brokerage_event), local_day(brokerage_event, now)
    return next((day for day in days if day >= today), days[-1])


def next_slot(brokerage_event: BrokerageEvent, now: datetime) -> int:
    """Say which slot is the first that has not begun; one more than there are where all have."""
    return sum(1 for slot in brokerage_event.slots if slot.starts <= now) + 1


def under_way(brokerage_event: BrokerageEvent, now: datetime) -> bool:
    """Tell whether the day runs: it was started or its first slot has begun, and a slot is still to come."""
    coming = next_slot(brokerage_event, now)
    return coming <= len(brokerage_event.slots) and (brokerage_event.status == "running" or coming > 1)
