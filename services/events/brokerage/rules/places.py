"""What must be right about a slot or a table of an event that is asked for."""

from datetime import datetime

from services.events.brokerage.state import BrokerageEvent
from services.events.errors import invalid, refused


def check_slot(number: int, event: BrokerageEvent, now: datetime | None) -> None:
    """Raise unless the slot exists and has not begun."""
    slots = event.slots
    if number > len(slots):
        raise invalid("slot", "slot", it=f"gli slot vanno da 1 a {len(slots)}", en=f"slots run from 1 to {len(slots)}")
    if now is not None and slots[number - 1].starts <= now:
        raise refused("slot-begun", "slot", it="Questo slot è già cominciato.", en="This slot has begun already.")


def check_table(table: int | None, event: BrokerageEvent) -> None:
    """Raise Invalid where a table is asked for that does not exist or is closed."""
    if table is not None and (table > event.tables or table in event.closed_tables):
        raise invalid("table", "table", it="il tavolo non esiste o è chiuso", en="there is no such table, or it is closed")
