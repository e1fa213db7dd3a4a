"""The whole day as one picture: tables x slots."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup

from services.events.agenda_view.text import clock, cut, day_text
from services.events.agenda_view.timetable import ScheduledMeeting, Slot, Timetable
from services.events.agenda_view.words import words_in
from shared.contracts.base import Language

LEFT, TOP, COLUMN, ROW, PAUSE, MARGIN = 84, 92, 150, 36, 16, 12
"""Pixels; PAUSE parts the sessions."""
NAME, LETTER = 21, 7
"""How many letters of 11 pixels go into a box; how wide one of 12 is at most."""
STYLE = Markup(
    "text{font:11px 'Helvetica Neue',Arial,sans-serif;fill:#111}"
    ".title{font-size:18px;font-weight:bold}.head{font-weight:bold}.soft{fill:#444}"
    ".row{fill:#f4f4f1}.box{fill:#fff;stroke:#2f5d8a}"
)


def picture(day: Timetable, language: Language) -> str:
    """Draw the agenda as SVG. Names are cut to the width of a box; a title on each box has them whole."""
    occasion, words = day.event, words_in(language)
    slots = [occasion.slots[number] for number in sorted(occasion.slots)]
    left = dict(zip((slot.number for slot in slots), _lefts(slots), strict=True))
    width = left[slots[-1].number] + COLUMN + MARGIN
    height = TOP + ROW * len(occasion.tables) + MARGIN
    top = {number: TOP + ROW * index for index, number in enumerate(sorted(occasion.tables))}
    title = f"{occasion.title[language]} · {words.version} {day.version}"
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" xml:lang="{}" width="{}" height="{}" viewBox="0 0 {} {}" role="img"'
            ' aria-labelledby="title desc">'
        ).format(language, width, height, width, height),
        Markup('<title id="title">{}</title>').format(title),
        Markup('<desc id="desc">{} {}</desc>').format(words.picture_description, occasion.venue),
        Markup("<style>{}</style>").format(STYLE),
        Markup('<rect width="{}" height="{}" fill="#fff"/>').format(width, height),
        Markup('<text class="title" x="{}" y="26">{}</text>').format(MARGIN, cut(title, (width - 2 * MARGIN) // 11)),
        *_heads(slots, left, language),
        *_rows(top, width, words.table),
        *(_box(day, meeting, left[meeting.slot.number], top[meeting.table.number], language) for meeting in day.meetings),
        Markup("</svg>\n"),
    ]
    return "\n".join(parts)


def _lefts(slots: Sequence[Slot]) -> Iterator[int]:
    at = LEFT
    yield at
    for before, after in pairwise(slots):
        at += COLUMN + (PAUSE if _parted(before, after) else 0)
        yield at


def _parted(before: Slot, after: Slot) -> bool:
    return before.session != after.session or before.starts.date() != after.starts.date()


def _heads(slots: Sequence[Slot], left: dict[int, int], language: Language) -> Iterator[Markup]:
    """Write the day where it begins, the session where it begins, and the time of each slot."""
    words = words_in(language)
    before: Slot | None = None
    for slot in slots:
        x = left[slot.number]
        if before is None or _parted(before, slot):
            heading = f"{day_text(slot.starts.date(), language)} · {words.session} {slot.session}"
            room = sum(COLUMN for meeting in slots if not _parted(meeting, slot))
            yield Markup('<text class="head" x="{}" y="54">{}</text>').format(x, cut(heading, room // LETTER))
        time = f"{clock(slot.starts, language)}–{clock(slot.ends, language)}"
        yield Markup('<text class="soft" x="{}" y="78">{} · {}</text>').format(x, slot.number, time)
        before = slot


def _rows(top: dict[int, int], width: int, word: str) -> Iterator[Markup]:
    for index, (number, y) in enumerate(top.items()):
        if index % 2 == 0:
            yield Markup('<rect class="row" x="0" y="{}" width="{}" height="{}"/>').format(y, width, ROW)
        yield Markup('<text class="head" x="{}" y="{}">{} {}</text>').format(MARGIN, y + 22, word, number)


def _box(day: Timetable, sitting: ScheduledMeeting, x: int, y: int, language: Language) -> Markup:
    """Draw one meeting: two names, one below the other; more than two are counted."""
    names = [day.event.side(member, sitting.person(member)) for member in sitting.sides]
    more = f" +{len(names) - 2}" if len(names) > 2 else ""
    lines = [cut(names[0], NAME), *(cut(name, NAME - len(more)) + more for name in names[1:2])]
    words = words_in(language)
    place = f"{words.table} {sitting.table.number}, {clock(sitting.slot.starts, language)}"
    whole = day.event.partners(sitting.sides, people=sitting.people)
    texts = [Markup('<text x="{}" y="{}">{}</text>').format(x + 5, y + 14 + 13 * number, line) for number, line in enumerate(lines)]
    return Markup('<g><title>{}</title><rect class="box" x="{}" y="{}" width="{}" height="{}" rx="3"/>{}</g>').format(
        f"{place}: {whole}",
        x,
        y + 2,
        COLUMN - 4,
        ROW - 4,
        Markup("").join(texts),
    )
