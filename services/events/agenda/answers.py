"""An agenda as it is shown, with its rooms."""

from collections.abc import Mapping
from typing import Any

from services.events.brokerage.rooms import tables_of, where
from shared.chassis.mongo import Document


def with_rooms(event: Document, agenda: Mapping[str, Any]) -> dict[str, Any]:
    """Show an agenda as it was published, with the rooms of its tables as they are called now."""
    tables = tables_of(event["state"])
    placed = {
        name: [{**one, **where(tables[one["table"]])} for one in agenda.get(name, ())] for name in ("placements", "appointments")
    }
    return {**agenda, **placed}
