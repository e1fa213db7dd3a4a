"""Agendas to write out: days, meetings, and texts that are hard to write."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.events.agenda.state import Placement, Unplaced
from services.events.agenda_view.timetable import EventDetails, Timetable, details_of, timetable_of
from services.events.brokerage.state import Slot, Table
from shared.contracts.base import LocalizedText
from tests.events.factories import event_state

MORNING = datetime(2027, 3, 12, 8, 30, tzinfo=UTC)
NASTY = [
    "</script><script>alert(1)</script>",
    "]]> & <b> \" ' `",
    "a,b;c\\n\r\nEND:VCALENDAR\r\nX:1",
    "👩‍👩‍👧‍👦 famiglia e\u0301 ação 🇮🇹",
    "\u202e\u200f שלום ٣",
    "漢字" * 60,
    "x" * 400,
    "\x00\x0b\x1f\x85\u2028\u2029\ufffe\U0001fffe\ud800",
    " ",
]
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(), min_size=1, max_size=120))
"""Any text at all, lone surrogates and control characters too."""


def slots(starts: datetime, count: int, minutes: int = 20, session: int = 1, first: int = 1) -> tuple[Slot, ...]:
    length = timedelta(minutes=minutes)
    return tuple(Slot(first + n, session, starts + n * length, starts + (n + 1) * length) for n in range(count))


def special_table(number: int, kind: Any = "shared", label: str | None = None) -> Table:
    return Table(number, kind, None, None, label)


def text_in_both(text: str) -> LocalizedText:
    """Any text at all, also what no announcement may have."""
    return LocalizedText.model_construct(it=text, en=text)


def details(names: dict[str, str] | None = None, **changes: Any) -> EventDetails:
    brokerage_event = replace(event_state(), slots=slots(MORNING, 3))
    return details_of(replace(brokerage_event, **changes), names or {"a": "Alfa", "b": "Beta", "c": "Gamma"})


def timetable(of: EventDetails | None = None, reason: str = "no slot") -> Timetable:
    placements = (Placement("m2", ("a", "c"), 2, 2), Placement("m1", ("a", "b"), 1, 1))
    unplaced = Unplaced("m3", ("b", "c"), LocalizedText.model_construct(it=reason, en=reason))
    return timetable_of(of or details(), placements, [unplaced], 4)
