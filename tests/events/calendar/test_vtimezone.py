"""A time zone written out for a calendar, read back by a strict check of our own."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.events.calendar.ics import feed
from tests.events.calendar.rfc5545 import Calendar
from tests.events.calendar.test_ics import entry
from tests.events.printing.factories import details, slots

ZONES = ["Europe/Rome", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "UTC", "Etc/GMT+3"]


CHANGES = [datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC), datetime(2028, 3, 26, tzinfo=UTC)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("night", CHANGES, ids=lambda night: night.date().isoformat())
def test_times_are_right_by_the_feeds_own_zone_over_the_change_to_and_from_summer_time(zone: str, night: datetime) -> None:
    starts = night - timedelta(days=1)
    of = details(timezone=zone, slots=slots(starts, 144), tables=2)
    calendar = Calendar(feed(of, "a", [entry(f"m{n}", n) for n in range(1, 145)], "en"))
    assert len(calendar.events) == 144
    for event in calendar.events:
        number = int(event["UID"][2].partition("@")[0][1:])
        assert calendar.instant(event, "DTSTART") == (starts + timedelta(minutes=20 * (number - 1))).replace(tzinfo=None)


@given(st.datetimes(datetime(2026, 6, 1), datetime(2029, 6, 1)), st.sampled_from(ZONES))
def test_the_zone_that_is_written_agrees_with_the_zone(moment: datetime, zone: str) -> None:
    key = ZoneInfo(zone)
    of = details(
        timezone=zone, slots=slots(datetime(2027, 6, 1, tzinfo=UTC), 1) + slots(datetime(2028, 6, 1, tzinfo=UTC), 1, first=2)
    )
    calendar = Calendar(feed(of, "a", [], "en"))
    local = moment.replace(microsecond=0)
    offsets = {local.replace(tzinfo=key, fold=fold).utcoffset() for fold in (0, 1)}
    assert calendar.offset(zone, local) in offsets
