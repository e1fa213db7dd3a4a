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
        sittings, missing = tuple(meeting for meeting in sittings if meeting.person(member) == person), ()
    in_other_rooms = any(meeting.table.room != day.event.venue for meeting in sittings)
    has_several = person is None and any(meeting.person(member) != member for meeting in sittings)

    def row(meeting: ScheduledMeeting) -> tuple[str, ...]:
        room = (meeting.table.place,) if in_other_rooms else ()
        own = (day.event.representative(member, meeting.person(member)),) if has_several else ()
        return (str(meeting.table.number), *room, *own, day.event.partners(meeting.sides, member, meeting.people))

    beside = (*((words.room,) if in_other_rooms else ()), *((words.own_representative,) if has_several else ()))
    return Sheet(
        day.event.side(member, person or member),
        (words.time, words.table, *beside, words.meeting_with),
        _days(sittings, row, language),
        tuple(_missing(day, meeting, member, language) for meeting in missing),
    )


def table_sheet(day: Timetable, table: int, language: Language) -> Sheet:
    """Say who sits at a table, and when; and its room, where that is not the venue."""
    words = words_in(language)
    at = day.event.tables[table]
    return Sheet(
        f"{words.table} {table}" + (f", {at.place}" if at.room != day.event.venue else ""),
        (words.time, words.participants),
        _days(
            [meeting for meeting in day.meetings if meeting.table.number == table],
            lambda meeting: (day.event.partners(meeting.sides, people=meeting.people),),
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
            [meeting for meeting in day.meetings if meeting.table.room == room],
            lambda meeting: (str(meeting.table.number), day.event.partners(meeting.sides, people=meeting.people)),
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
        (day_text(date, language), tuple((_time(meeting, language), *row(meeting)) for meeting in of_the_day))
        for date, of_the_day in groupby(sittings, key=lambda meeting: meeting.slot.starts.date())
    )


def _time(sitting: ScheduledMeeting, language: Language) -> str:
    return f"{clock(sitting.slot.starts, language)}–{clock(sitting.slot.ends, language)}"


def _missing(day: Timetable, missing: UnscheduledMeeting, member: str, language: Language) -> tuple[str, str]:
    return day.event.partners(missing.sides, member), missing.reason[language]
