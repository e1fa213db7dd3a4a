"""The calendar feed of one participant, as RFC 5545 has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration, vText

from services.events.agenda_view.timetable import EventDetails
from services.events.agenda_view.words import words_in
from services.events.calendar.vtimezone import timezone_of
from shared.contracts.base import Language

PRODUCT = "-//Distretti tecnologici della Toscana//Brokerage events//EN"
DOMAIN = "meetings.distretti.toscana.it"
REFRESH = timedelta(minutes=15)
"""How often a calendar program is asked to look again."""


@dataclass(frozen=True)
class Entry:
    """A meeting in a calendar: where it is, or last was where it fell out of the agenda.

    `version` grows with every change, `changed` is when it last did. `people` are who comes for each member.
    """

    meeting_id: str
    members: tuple[str, ...]
    slot: int
    table: int
    version: int
    changed: datetime
    placed: bool
    people: tuple[str, ...] = ()

    def person(self, member: str) -> str:
        """Say who goes for a member: a representative, or itself."""
        return dict(zip(self.members, self.people, strict=False)).get(member, member)


def feed(occasion: EventDetails, member: str, entries: Iterable[Entry], language: Language, person: str | None = None) -> bytes:
    """Write the meetings of a participant, or only those `person` goes to; those that fell out as cancelled.

    The same agenda gives the same bytes.
    """
    title = occasion.title[language]
    if person is not None:
        title = f"{title} – {occasion.representative(member, person)}"
        entries = (entry for entry in entries if entry.person(member) == person)
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    # The type of an extension is told: the writer does not know it, and would not escape a text.
    calendar.add("NAME", vText(title))
    calendar.add("X-WR-CALNAME", vText(title))
    calendar.add("X-WR-TIMEZONE", occasion.zone.key)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    times = [moment for slot in occasion.slots.values() for moment in (slot.starts, slot.ends)]
    calendar.add_component(timezone_of(occasion.zone, min(times), max(times)))
    for entry in sorted(entries, key=lambda entry: (entry.slot, entry.meeting_id)):
        calendar.add_component(_event(occasion, member, entry, language))
    written: bytes = calendar.to_ical()
    return written


def _event(occasion: EventDetails, member: str, entry: Entry, language: Language) -> Event:
    words = words_in(language)
    slot, table = occasion.slots[entry.slot], occasion.tables[entry.table]
    partners = occasion.partners(entry.members, member, entry.people)
    own = entry.person(member)
    summary = f"{occasion.representative(member, own)} – {partners}" if own != member else partners
    event = Event()
    event.add("UID", f"{entry.meeting_id}@{DOMAIN}")
    event.add("DTSTAMP", entry.changed.astimezone(UTC))
    event.add("LAST-MODIFIED", entry.changed.astimezone(UTC))
    event.add("SEQUENCE", entry.version)
    event.add("STATUS", "CONFIRMED" if entry.placed else "CANCELLED")
    event.add("TRANSP", "OPAQUE" if entry.placed else "TRANSPARENT")
    _add_time(event, "DTSTART", slot.starts, occasion.zone)
    _add_time(event, "DTEND", slot.ends, occasion.zone)
    event.add("SUMMARY", summary if entry.placed else f"{words.cancelled}: {summary}")
    location = [f"{words.table} {table.number}", *dict.fromkeys((table.room, table.room if table.virtual else occasion.venue))]
    event.add("LOCATION", ", ".join(location))
    goes = [f"{words.own_representative}: {occasion.representative(member, own)}"] if own != member else []
    lines = [occasion.title[language], f"{words.meeting_with}: {partners}", *goes, f"{words.table} {table.number}"]
    event.add("DESCRIPTION", "\n".join(lines))
    return event


def _add_time(event: Event, name: str, moment: datetime, zone: ZoneInfo) -> None:
    """Add a local time; the hour that comes twice when summer time ends means its first coming (3.3.5), the second is in UTC."""
    if moment.fold:
        event.add(name, moment.astimezone(UTC))
    else:
        event.add(name, moment.replace(tzinfo=None), parameters={"TZID": zone.key})
