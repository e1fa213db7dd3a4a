"""The words of pages, pictures and calendars, in Italian and English."""

from dataclasses import dataclass, fields
from functools import cache

from services.events.texts import TEXTS
from shared.chassis.texts import text
from shared.contracts.base import Language


@dataclass(frozen=True)
class Words:
    """Each field is the text `agenda-...` of the catalogue."""

    time: str
    table: str
    meeting_with: str
    own_representative: str
    participants: str
    room: str
    version: str
    no_meetings: str
    without_place: str
    session: str
    picture_description: str
    cancelled: str
    time_of_zone: str


@cache
def words_in(language: Language) -> Words:
    """Return the words in a language."""
    keys = {field.name: f"agenda-{field.name.replace('_', '-')}" for field in fields(Words)}
    return Words(**{name: TEXTS.write(text(key), language) for name, key in keys.items()})
