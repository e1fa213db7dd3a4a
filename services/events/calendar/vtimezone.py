"""A time zone written out for a calendar: RFC 5545, 3.6.5.

icalendar writes the beginning of summer time an hour late (it takes the clock after the change for the onset, which
RFC 5545 counts by the clock before it), so the onsets are found here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

STEP = timedelta(days=1)
MARGIN = timedelta(days=366)


def timezone_of(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """Write a zone as it is from a year before `first` to a year after `last`."""
    begins, ends = first.astimezone(UTC) - MARGIN, last.astimezone(UTC) + MARGIN
    written = Timezone()
    written.add("TZID", zone.key)
    written.add_component(_rule(zone, begins, begins))
    for before, after in _changes(zone, begins, ends):
        written.add_component(_rule(zone, before, after))
    return written


def _changes(zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Find each change, as the last second before it and the first after it."""
    moment = begins
    while moment < ends:
        later = moment + STEP
        if _kind(zone, moment) != _kind(zone, later):
            before, after = moment, later
            while after - before > timedelta(seconds=1):
                middle = (before + (after - before) / 2).replace(microsecond=0)
                if _kind(zone, middle) == _kind(zone, moment):
                    before = middle
                else:
                    after = middle
            yield before, after
        moment = later


def _kind(zone: ZoneInfo, moment: datetime) -> tuple[timedelta, bool, str]:
    local = moment.astimezone(zone)
    return local.utcoffset() or timedelta(), bool(local.dst()), local.tzname() or zone.key


def _rule(zone: ZoneInfo, before: datetime, after: datetime) -> TimezoneStandard | TimezoneDaylight:
    """Write what holds from `after` on; its onset is told by the clock as it was `before`."""
    earlier = _kind(zone, before)[0]
    offset, summer, name = _kind(zone, after)
    rule = TimezoneDaylight() if summer else TimezoneStandard()
    rule.add("DTSTART", (after + earlier).replace(tzinfo=None))
    rule.add("TZOFFSETFROM", earlier)
    rule.add("TZOFFSETTO", offset)
    rule.add("TZNAME", name)
    return rule
