"""What must be right about a slot or a table of an event that is asked for."""

from datetime import datetime

from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused
from shared.chassis.errors import invalid


def check_slot(number: int, brokerage_event: BrokerageEvent, now: datetime | None) -> None:
    """Raise Invalid for a slot that does not exist, and Refusal for one that has begun."""
    slots = brokerage_event.slots
    if number > len(slots):
        raise invalid("slot", "slot", "field-slot", last=len(slots))
    if now is not None and slots[number - 1].starts <= now:
        raise refused("slot-begun", "slot")


def check_table(table: int | None, brokerage_event: BrokerageEvent) -> None:
    """Raise Invalid where a table is asked for that does not exist or is closed."""
    if table is not None and (table > brokerage_event.tables or table in brokerage_event.closed_tables):
        raise invalid("table", "table", "field-table")
