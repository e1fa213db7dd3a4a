"""Sheets as one HTML page to print, a sheet on a page of paper."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from services.events.agenda_view.timetable import Timetable
from services.events.agenda_view.words import words_in
from services.events.printing.sheets import Sheet
from shared.contracts.base import Language

TEMPLATES = Path(__file__).parent / "templates"


def page(day: Timetable, sheets: Sequence[Sheet], language: Language) -> str:
    """Write the sheets. Everything is escaped; the page loads nothing and runs no script."""
    facts = {
        "language": language,
        "words": words_in(language),
        "title": day.event.title[language],
        "venue": day.event.venue,
        "zone": day.event.zone.key,
        "version": day.version,
        "sheets": sheets,
    }
    return _template().render(facts)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("sheets.html")
