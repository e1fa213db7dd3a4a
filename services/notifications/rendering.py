"""A message in Italian or English: a template and facts become a subject and a text. Pure."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time, get_timezone
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEMPLATES = Path(__file__).parent / "templates"
LOCALES = {"it": "it_IT", "en": "en_GB"}
MODES = {
    "it": {"b2b": "B2B, tra imprese", "r2b": "R2B, tra ricerca e impresa", "f2b": "F2B, tra finanza e impresa"},
    "en": {"b2b": "B2B, business to business", "r2b": "R2B, research to business", "f2b": "F2B, finance to business"},
}
OUTCOMES = {
    "it": {
        "follow-up": "un seguito",
        "nda": "un accordo di riservatezza",
        "joint-project": "un progetto comune",
        "funding-application": "una domanda di finanziamento",
        "licence": "una licenza",
        "agreement": "un accordo",
        "nothing": "nessun seguito",
    },
    "en": {
        "follow-up": "a follow-up",
        "nda": "a non-disclosure agreement",
        "joint-project": "a joint project",
        "funding-application": "a funding application",
        "licence": "a licence",
        "agreement": "an agreement",
        "nothing": "nothing further",
    },
}
PLACES = {"it": {"table": "tavolo {}", "online": "online, stanza {}"}, "en": {"table": "table {}", "online": "online, room {}"}}
LASTS = {
    "it": {"one": "{first}, dalle {clock}", "several": "da {first}, ore {clock}, a {last}"},
    "en": {"one": "{first}, from {clock}", "several": "from {first}, {clock}, to {last}"},
}
"""How long an event lasts, on one day or on several."""


@dataclass(frozen=True)
class Rendered:
    """A message as a person reads it: one line of subject, and plain text."""

    subject: str
    text: str


def render(template: str, facts: Mapping[str, Any], language: str) -> Rendered:
    """Render a message in `language` (`it` or `en`). Raises jinja2's errors for an unknown template or a missing fact."""
    subject, _, text = _environment(language).get_template(f"{template}.{language}.txt").render(facts).partition("\n")
    return Rendered(subject, text.strip() + "\n")


@functools.cache
def _environment(language: str) -> Environment:
    locale = LOCALES[language]

    def local(moment: datetime, timezone: str) -> datetime:
        return moment.astimezone(get_timezone(timezone))

    def day(moment: datetime, timezone: str) -> str:
        return format_date(local(moment, timezone), "full", locale)

    def clock(moment: datetime, timezone: str) -> str:
        return format_time(local(moment, timezone), "short", locale=locale)

    def last_day(starts: datetime, ends: datetime, timezone: str) -> str:
        # What ends at midnight ends with the day before.
        return day(max(starts, ends - datetime.resolution), timezone)

    def has_days(starts: datetime, ends: datetime, timezone: str) -> bool:
        return day(starts, timezone) != last_day(starts, ends, timezone)

    def lasts(starts: datetime, ends: datetime, timezone: str) -> str:
        words = LASTS[language]["several" if has_days(starts, ends, timezone) else "one"]
        times = {"first": day(starts, timezone), "clock": clock(starts, timezone), "last": last_day(starts, ends, timezone)}
        return f"{words.format(**times)} ({timezone})"

    def at(starts: datetime, ends: datetime, timezone: str) -> str:
        return f"{day(starts, timezone)}, {clock(starts, timezone)}-{clock(ends, timezone)} ({timezone})"

    def seat(table: int, room: Mapping[str, Any] | None) -> str:
        words = PLACES[language]["online" if room and room["virtual"] else "table"].format(table)
        return f"{words}, {room['label']}" if room and room["label"] else words

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_one_line,
    )
    environment.filters |= {
        "day": day,
        "clock": clock,
        "has_days": has_days,
        "lasts": lasts,
        "at": at,
        "seat": seat,
        "said": lambda text: text[language],
        "mode": lambda mode: MODES[language][mode],
        "outcome": lambda outcome: OUTCOMES[language][outcome],
    }
    return environment


def _one_line(value: Any) -> Any:
    """Keep a name on its line, whatever is in it: a line break in a subject would be a header of its own."""
    return " ".join(value.split()) if isinstance(value, str) else value
