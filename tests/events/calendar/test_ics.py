"""Calendar feeds, read back by a strict check of our own and by a library that is not the writer's."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from services.events.calendar.ics import Entry, feed
from shared.chassis.plain_text import clean
from tests.events.calendar.rfc5545 import Calendar
from tests.events.printing.factories import NASTY, details, special_table, text_in_both, texts

CHANGED = datetime(2027, 2, 1, 9, 0, 30, 250000, tzinfo=UTC)


def entry(meeting: str, slot: int, *, version: int = 1, placed: bool = True) -> Entry:
    return Entry(meeting, ("a", "b"), slot, 2, version, CHANGED, placed)


def test_a_feed_says_when_where_and_whom() -> None:
    written = feed(details(), "a", [entry("m2", 3, version=4, placed=False), entry("m1", 1)], "it")
    calendar = Calendar(written)
    assert calendar.properties["X-WR-CALNAME"] == calendar.properties["NAME"] == "Incontri del marmo"
    assert calendar.properties["REFRESH-INTERVAL"] == calendar.properties["X-PUBLISHED-TTL"] == "PT15M"
    placed, fallen = calendar.events
    assert {name: placed[name][2] for name in ("UID", "SUMMARY", "LOCATION", "STATUS", "SEQUENCE", "DTSTAMP", "DTSTART")} == {
        "UID": "m1@meetings.distretti.toscana.it",
        "SUMMARY": "Beta",
        "LOCATION": "Tavolo 2, Carrara",
        "STATUS": "CONFIRMED",
        "SEQUENCE": "1",
        "DTSTAMP": "20270201T090030Z",
        "DTSTART": "20270312T093000",
    }
    assert (fallen["STATUS"][2], fallen["SEQUENCE"][2], fallen["SUMMARY"][2]) == ("CANCELLED", "4", "Annullato: Beta")
    assert "Table 2" in feed(details(), "a", [entry("m1", 1)], "en").decode()
    assert written == feed(details(), "a", [entry("m1", 1), entry("m2", 3, version=4, placed=False)], "it")


@pytest.mark.parametrize(
    ("kind", "label", "place"),
    [
        ("shared", None, "Table 2, Carrara"),
        ("shared", "Stand Alfa", "Table 2, Stand Alfa, Carrara"),
        ("virtual", None, "Table 2, Online"),
        ("virtual", "Room B", "Table 2, Room B"),
    ],
)
def test_a_feed_says_where_a_table_is(kind: str, label: str | None, place: str) -> None:
    of = details(special_tables=(special_table(2, kind, label),))
    (event,) = Calendar(feed(of, "a", [entry("m1", 1)], "en")).events
    assert event["LOCATION"][2] == place


def test_a_feed_says_who_goes_where() -> None:
    of = replace(details(), labels={"a:r1": "Vendite"})
    meeting = replace(entry("m1", 1), people=("a:r1", "b:r2"))
    (event,) = Calendar(feed(of, "a", [meeting], "it")).events
    assert event["SUMMARY"][2] == "Vendite – Beta (r2)"
    assert "Per voi: Vendite" in event["DESCRIPTION"][2]
    (partner_event,) = Calendar(feed(of, "b", [meeting], "en")).events
    assert partner_event["SUMMARY"][2] == "r2 – Alfa (Vendite)"
    assert "For you: r2" in partner_event["DESCRIPTION"][2]
    (off,) = Calendar(feed(of, "a", [replace(meeting, placed=False)], "it")).events
    assert off["SUMMARY"][2] == "Annullato: Vendite – Beta (r2)"


def test_a_feed_of_a_representative_has_only_its_meetings() -> None:
    of = replace(details(), labels={"a:r1": "Vendite"})
    two = [replace(entry(f"m{n}", n), people=(f"a:r{n}", "b")) for n in (1, 2)]
    calendar = Calendar(feed(of, "a", two, "it", "a:r1"))
    assert [event["UID"][2].partition("@")[0] for event in calendar.events] == ["m1"]
    assert calendar.properties["NAME"] == calendar.properties["X-WR-CALNAME"] == "Incontri del marmo – Vendite"
    assert len(Calendar(feed(of, "a", two, "it")).events) == 2


def test_a_feed_without_meetings_is_a_calendar_all_the_same() -> None:
    assert Calendar(feed(details(), "a", [], "en")).events == []


@given(title=texts, name=texts, venue=texts, language=st.sampled_from(["it", "en"]))
@example(title=NASTY[0], name=NASTY[1], venue=NASTY[2], language="it")
@example(title=NASTY[3], name=NASTY[4], venue=NASTY[5], language="it")
@example(title=NASTY[6], name=NASTY[7], venue=NASTY[8], language="en")
def test_any_text_gives_a_valid_feed_that_reads_back(title: str, name: str, venue: str, language: str) -> None:
    of = details({"b": name}, title=text_in_both(title), venue=venue)
    written = feed(of, "a", [entry("m1", 1)], "it" if language == "it" else "en")
    (event,) = Calendar(written).events
    assert event["SUMMARY"][2] == (clean(name) or "b")
    assert event["LOCATION"][2].endswith(clean(venue))
    # The other library's reader.
    (read,) = IcsCalendarStream.calendar_from_ics(written.decode()).events
    assert (read.uid, read.sequence, read.summary) == ("m1@meetings.distretti.toscana.it", 1, clean(name) or "b")
    assert read.start == datetime(2027, 3, 12, 9, 30, tzinfo=ZoneInfo("Europe/Rome"))
