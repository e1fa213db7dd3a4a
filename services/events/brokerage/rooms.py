"""The rooms of an event: where its tables stand."""

from dataclasses import dataclass

from services.events.brokerage.state import BrokerageEvent, Table
from shared.chassis.plain_text import clean

ONLINE = "Online"
"""The room of virtual tables that have no name: the same word in both languages."""


@dataclass(frozen=True)
class TableRoom:
    """A table, numbered from 1 over the whole event, and the room it stands in; a virtual one stands nowhere."""

    number: int
    room: str
    virtual: bool = False

    @property
    def place(self) -> str:
        """The room as it is read on paper: a virtual one whose name is another is said to be online."""
        return f"{self.room} ({ONLINE.lower()})" if self.virtual and self.room != ONLINE else self.room


def tables_of(brokerage_event: BrokerageEvent) -> dict[int, TableRoom]:
    """Name all tables of an event by their numbers."""
    venue = clean(brokerage_event.venue)
    special = {table.number: table for table in brokerage_event.special_tables}
    return {number: _room(number, special.get(number), venue) for number in range(1, brokerage_event.tables + 1)}


def _room(number: int, special: Table | None, venue: str) -> TableRoom:
    virtual = special is not None and special.kind == "virtual"
    label = clean(special.label or "") if special else ""
    return TableRoom(number, label or (ONLINE if virtual else venue), virtual)
