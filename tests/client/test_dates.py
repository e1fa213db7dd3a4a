"""Days of example events."""

from datetime import date, timedelta

from distretti.client.dates import next_day


def test_the_day_of_an_event_is_to_come_and_holds_for_a_year() -> None:
    days = {next_day(6, 10, date(2027, 6, 10) + timedelta(days=number)) for number in range(-1, 366)}
    assert days == {date(2027, 6, 10), date(2028, 6, 10)}
    assert next_day(6, 10, date(2027, 6, 9)) == date(2027, 6, 10)
    assert next_day(6, 10, date(2027, 6, 10)) == date(2028, 6, 10)
