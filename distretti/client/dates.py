"""The day of an event that is made up: what is announced is to come, and the same again is the same for a year."""

from datetime import date


def next_day(month: int, day: int, today: date) -> date:
    """Find the next day of the year by this month and number that is later than `today`."""
    return date(today.year + ((today.month, today.day) >= (month, day)), month, day)
