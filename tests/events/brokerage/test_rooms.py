"""Where the tables of an event stand."""

from dataclasses import replace

import pytest

from services.events.brokerage.rooms import TableRoom, tables_of
from tests.events.factories import event_state
from tests.events.printing.factories import special_table


def test_a_table_stands_in_the_venue_unless_it_has_a_label_of_its_own() -> None:
    special = (special_table(2, label=" Stand \n Alfa "), special_table(3, "fixed"), special_table(4, label="\x00"))
    event = replace(event_state(), tables=5, venue="Carrara\tFiere", special_tables=special)
    rooms = {number: table.room for number, table in tables_of(event).items()}
    assert rooms == {1: "Carrara Fiere", 2: "Stand Alfa", 3: "Carrara Fiere", 4: "Carrara Fiere", 5: "Carrara Fiere"}


@pytest.mark.parametrize(
    ("label", "room", "place"),
    [(None, "Online", "Online"), ("Online", "Online", "Online"), ("Aula B", "Aula B", "Aula B (online)")],
)
def test_on_paper_a_virtual_table_is_said_to_be_online(label: str | None, room: str, place: str) -> None:
    table = tables_of(replace(event_state(), tables=1, special_tables=(special_table(1, "virtual", label),)))[1]
    assert (table, table.place) == (TableRoom(1, room, virtual=True), place)
