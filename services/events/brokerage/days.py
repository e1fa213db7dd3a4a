"""The days of an event, where it takes place, as ISO 8601 writes them. A slot is of the day on which it begins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


def local_day(event: Mapping[str, Any], moment: datetime) -> str:
    """Say which day it is at a moment."""
    return moment.astimezone(ZoneInfo(event["timezone"])).date().isoformat()


def days_of(event: Mapping[str, Any]) -> list[str]:
    """Name the days that have slots, in order."""
    return sorted({local_day(event, slot["starts"]) for slot in event["slots"]})


def current_day(event: Mapping[str, Any], now: datetime) -> str:
    """Say which of its days an event is at: the first from today on, the last where all are over."""
    days, today = days_of(event), local_day(event, now)
    return next((day for day in days if day >= today), days[-1])
