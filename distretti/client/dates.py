"""Days for example events: in the future, as an announcement must be, and the same for a year, so that imports are idempotent."""

from datetime import date


def next_day(month: int, day: int, today: date) -> date:
    """The next date after `today` with this month and day."""
    return date(today.year + ((today.month, today.day) >= (month, day)), month, day)
