"""Agendas as they are shown: as they were published, with the rooms of their tables as they are named now."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace

from services.events.agenda.schemas import AgendaAnswer, AgendaVersionAnswer, PlacedInRoom
from services.events.agenda.state import Agenda, Placement
from services.events.agenda.versions import AgendaVersion
from services.events.brokerage.rooms import TableRoom, tables_of
from services.events.brokerage.state import BrokerageEvent
from shared.chassis.http.answers import answer_of
from shared.chassis.writes.aggregate import Stored


def agenda_answer(brokerage_event: BrokerageEvent, agenda: Stored[Agenda]) -> AgendaAnswer:
    """Show the newest version."""
    return answer_of(AgendaAnswer, agenda, **_places(agenda.state, tables_of(brokerage_event)))


def version_answer(brokerage_event: BrokerageEvent, version: AgendaVersion) -> AgendaVersionAnswer:
    """Show a version."""
    places = _places(version, tables_of(brokerage_event))
    return AgendaVersionAnswer.model_validate(SimpleNamespace(**vars(version) | places))


def _places(agenda: Agenda, tables: Mapping[int, TableRoom]) -> dict[str, list[PlacedInRoom]]:
    return {"placements": _in_rooms(agenda.placements, tables), "appointments": _in_rooms(agenda.appointments, tables)}


def _in_rooms(placements: Iterable[Placement], tables: Mapping[int, TableRoom]) -> list[PlacedInRoom]:
    return [
        PlacedInRoom(**vars(placement), room=tables[placement.table].room, virtual=tables[placement.table].virtual)
        for placement in placements
    ]
