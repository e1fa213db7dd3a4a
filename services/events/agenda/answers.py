"""An agenda as it is answered, with its rooms."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.events.agenda.schemas import AgendaAnswer, AgendaVersionAnswer, PlacedInRoom
from services.events.agenda.state import Agenda, AgendaVersion, Placement
from services.events.brokerage.rooms import TableRoom, tables_of
from services.events.brokerage.state import BrokerageEvent
from shared.chassis.writes.aggregate import Stored


def agenda_answer(event: Stored[BrokerageEvent], stored: Stored[Agenda]) -> AgendaAnswer:
    """Answer the newest version, with the rooms of its tables as they are called now."""
    fields = _with_rooms(event, stored.state)
    return AgendaAnswer.model_validate({**fields, "id": stored.id, "version": stored.version})


def version_answer(event: Stored[BrokerageEvent], version: AgendaVersion) -> AgendaVersionAnswer:
    """Answer a version as it was published, with the rooms of its tables as they are called now."""
    return AgendaVersionAnswer.model_validate(_with_rooms(event, version))


def _with_rooms(event: Stored[BrokerageEvent], agenda: Agenda) -> dict[str, Any]:
    tables = tables_of(event.state)
    placed = {
        "placements": _in_rooms(agenda.placements, tables),
        "appointments": _in_rooms(agenda.appointments, tables),
    }
    return vars(agenda) | placed


def _in_rooms(placements: Iterable[Placement], tables: Mapping[int, TableRoom]) -> list[PlacedInRoom]:
    return [
        PlacedInRoom.model_validate(vars(placement) | {"room": table.room, "virtual": table.virtual})
        for placement, table in ((placement, tables[placement.table]) for placement in placements)
    ]
