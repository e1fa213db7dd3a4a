"""A message in Italian or English: a template and its facts become a subject and a text. Pure."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time, get_timezone
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.notices.facts import TEMPLATES, EventDetails, Place
from services.notifications.texts import TEXTS
from shared.chassis.documents import parse
from shared.chassis.plain_text import clean
from shared.chassis.texts import Message as Text
from shared.chassis.texts import text
from shared.contracts.base import Language, LocalizedText

FOLDER = Path(__file__).parents[1] / "templates"
DIGEST = "digest"
"""The template that sums messages up; it is none of a message."""


@dataclass(frozen=True)
class Rendered:
    """A message as a person reads it: a subject of one line, and plain text."""

    subject: str
    text: str


def render(template: str, facts: Any, language: Language) -> Rendered:
    """Render the stored facts of a message. Raises KeyError for an unknown template, ValidationError for facts that do not fit."""
    return _fill(template, vars(parse(TEMPLATES[template], facts)), language)


def render_digest(name: str, sender: str, messages: Sequence[Rendered], language: Language) -> Rendered:
    """Sum up messages that `sender` has caused: the subject of each, and its text without greeting and signature."""
    news = [(message.subject, message.text.split("\n\n", 1)[1].rpartition("\n\n")[0].split("\n")) for message in messages]
    return _fill(DIGEST, {"name": name, "sender": sender, "news": news}, language)


def _fill(template: str, names: Mapping[str, Any], language: Language) -> Rendered:
    subject, _, body = environment(language).get_template(f"{template}.{language}.txt").render(names).partition("\n")
    return Rendered(subject, body.strip() + "\n")


@functools.cache
def environment(language: Language) -> Environment:
    """The templates of a language, with its filters."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_single_line,
    )
    templates.filters |= _filters(language)
    return templates


def _filters(language: Language) -> dict[str, Callable[..., Any]]:
    locale = TEXTS.write(text("locale"), language)

    def write(message: Text) -> str:
        return TEXTS.write(message, language)

    def day(moment: datetime, timezone: str) -> str:
        return format_date(_local(moment, timezone), "full", locale)

    def clock(moment: datetime, timezone: str) -> str:
        return format_time(_local(moment, timezone), "short", locale=locale)

    def has_days(event: EventDetails) -> bool:
        return day(event.starts, event.timezone) != day(_last_moment(event), event.timezone)

    def lasts(event: EventDetails) -> str:
        first, time = day(event.starts, event.timezone), clock(event.starts, event.timezone)
        if not has_days(event):
            return write(text("lasts-one-day", day=first, time=time, timezone=event.timezone))
        last = day(_last_moment(event), event.timezone)
        return write(text("lasts-several-days", first=first, time=time, last=last, timezone=event.timezone))

    def at(place: Place, timezone: str) -> str:
        return f"{day(place.starts, timezone)}, {clock(place.starts, timezone)}-{clock(place.ends, timezone)} ({timezone})"

    def seat(place: Place) -> str:
        key = "place-online" if place.room and place.room.virtual else "place-table"
        words = write(text(key, table=place.table))
        return f"{words}, {place.room.label}" if place.room and place.room.label else words

    def localized(words: LocalizedText) -> str:
        return words.in_(language)

    def mode(key: str) -> str:
        return write(text(f"mode-{key}"))

    def outcome(key: str) -> str:
        return write(text(f"outcome-{key}"))

    functions: tuple[Callable[..., Any], ...] = (day, clock, has_days, lasts, at, seat, localized, mode, outcome)
    return {function.__name__: function for function in functions}


def _local(moment: datetime, timezone: str) -> datetime:
    return moment.astimezone(get_timezone(timezone))


def _last_moment(event: EventDetails) -> datetime:
    # An event that ends at midnight ends on the day before.
    return max(event.starts, event.ends - datetime.resolution)


def _single_line(value: Any) -> Any:
    """Keep a name on its line, without control characters: the first line of a text is a header."""
    return clean(value) if isinstance(value, str) else value
