"""What a printed page says: one for a participant, for a table, for a room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from services.events.agenda_view.text import clock, day_text
from services.events.agenda_view.timetable import ScheduledMeeting, Timetable, UnscheduledMeeting
from services.events.agenda_view.words import words_in
from shared.contracts.base import Language


@dataclass(frozen=True)
class Sheet:
    """A page: what it is about, its columns, its rows by day, and the meetings without a place with the reason."""

    heading: str
    columns: tuple[str, ...]
    days: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    missing: tuple[tuple[str, str], ...] = ()


Row = Callable[[ScheduledMeeting], tuple[str, ...]]


def participant_sheet(day: Timetable, member: str, language: Language, person: str | None = None) -> Sheet:
    """Say when, where and whom a participant meets, and who of it goes there where it has several; or only where `person` goes.

    Rooms are named where a table of its stands elsewhere than in the venue, which every sheet names. What has no place is nobody's
    of several yet.
    """
    words = words_in(language)
    sittings, missing = day.of_member.get(member, ((), ()))
    if person is not None:
        sittings, missing = tuple(one for one in sittings if one.person(member) == person), ()
    apart = any(one.table.room != day.event.venue for one in sittings)
    several = person is None and any(one.person(member) != member for one in sittings)

    def row(one: ScheduledMeeting) -> tuple[str, ...]:
        room = (one.table.place,) if apart else ()
        own = (day.event.representative(member, one.person(member)),) if several else ()
        return (str(one.table.number), *room, *own, day.event.partners(one.sides, member, one.people))

    beside = (*((words.room,) if apart else ()), *((words.own_representative,) if several else ()))
    return Sheet(
        day.event.side(member, person or member),
        (words.time, words.table, *beside, words.meeting_with),
        _days(sittings, row, language),
        tuple(_missing(day, one, member, language) for one in missing),
    )


def table_sheet(day: Timetable, table: int, language: Language) -> Sheet:
    """Say who sits at a table, and when; and its room, where that is not the venue."""
    words = words_in(language)
    at = day.event.tables[table]
    return Sheet(
        f"{words.table} {table}" + (f", {at.place}" if at.room != day.event.venue else ""),
        (words.time, words.participants),
        _days(
            [one for one in day.meetings if one.table.number == table],
            lambda one: (day.event.partners(one.sides, people=one.people),),
            language,
        ),
    )


def room_sheet(day: Timetable, room: str, language: Language) -> Sheet:
    """Say who sits at each table of a room, and when."""
    words = words_in(language)
    return Sheet(
        f"{words.room}: {room}",
        (words.time, words.table, words.participants),
        _days(
            [one for one in day.meetings if one.table.room == room],
            lambda one: (str(one.table.number), day.event.partners(one.sides, people=one.people)),
            language,
        ),
    )


def participants(day: Timetable) -> tuple[str, ...]:
    """Everybody the agenda names, in the order of names."""
    return tuple(sorted(day.of_member, key=lambda member: (day.event.name(member).casefold(), member)))


def _days(
    sittings: Sequence[ScheduledMeeting], row: Row, language: Language
) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    return tuple(
        (day_text(date, language), tuple((_time(one, language), *row(one)) for one in of_the_day))
        for date, of_the_day in groupby(sittings, key=lambda one: one.slot.starts.date())
    )


def _time(sitting: ScheduledMeeting, language: Language) -> str:
    return f"{clock(sitting.slot.starts, language)}–{clock(sitting.slot.ends, language)}"


def _missing(day: Timetable, missing: UnscheduledMeeting, member: str, language: Language) -> tuple[str, str]:
    return day.event.partners(missing.sides, member), missing.reason[language]
