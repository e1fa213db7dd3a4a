"""The rooms of an event: where its tables stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.events.plain_text import clean

ONLINE = "Online"
"""The room of virtual tables that have no name: the same word in both languages."""


@dataclass(frozen=True)
class Table:
    """A table, numbered from 1 over the whole event, and the room it stands in; a virtual one stands nowhere."""

    number: int
    room: str
    virtual: bool = False

    @property
    def place(self) -> str:
        """The room as it is read on paper: a virtual one whose name is another is said to be online."""
        return f"{self.room} ({ONLINE.lower()})" if self.virtual and self.room != ONLINE else self.room


def tables_of(event: Mapping[str, Any]) -> dict[int, Table]:
    """Name all tables of an event by their numbers."""
    venue = clean(event["venue"])
    special = {table["number"]: table for table in event.get("special_tables") or ()}
    return {number: _table(number, special.get(number, {}), venue) for number in range(1, event["tables"] + 1)}


def where(table: Table) -> dict[str, Any]:
    """Tell where a table stands: `room` is its label, else the venue, or online."""
    return {"room": table.room, "virtual": table.virtual}


def _table(number: int, special: Mapping[str, Any], venue: str) -> Table:
    virtual = special.get("kind") == "virtual"
    return Table(number, clean(special.get("label") or "") or (ONLINE if virtual else venue), virtual)
