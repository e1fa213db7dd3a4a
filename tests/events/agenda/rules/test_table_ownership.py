"""Which tables a meeting may take: the same in an agenda and by hand."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from services.events.agenda.rules.table_ownership import own_tables, table_use, tables_for, unmet_needs
from services.events.agenda.state import OwnTable
from shared.contracts.events import Table
from tests.events.computation.factories import newest, registered
from tests.events.factories import event_state

SPECIAL = (
    Table(number=1, kind="fixed", member_id="fabio"),
    Table(number=2, kind="virtual"),
    Table(number=3, seats=2, label="Bar"),
)
EVENT = replace(event_state(format="hybrid", tables=6, special_tables=SPECIAL), closed_tables=(4,))


def participants(*needing: str, virtual: Iterable[str] = ()) -> dict[str, Any]:
    members = ("anna", "bruno", "carla", "dora", "fabio")
    return {
        member: registered(member, fixed_table=member in needing, attends="virtual" if member in virtual else "on-site").state
        for member in members
    }


@pytest.mark.parametrize(
    ("sides", "tables"),
    [
        (("anna", "bruno"), (3, 5)),
        (("anna", "bruno", "dora"), (5,)),
        (("carla", "bruno"), (6,)),
        (("anna", "fabio"), (1,)),
        (("carla", "fabio"), (6,)),
    ],
)
def test_a_meeting_may_take_shared_tables_with_seats_or_the_one_of_a_side(sides: tuple[str, ...], tables: tuple[int, ...]) -> None:
    states = participants("carla")
    own = own_tables(EVENT, states, {}, {})
    assert own == {"fabio": 1, "carla": 6}
    assert tables_for(EVENT, [states[member] for member in sides], own) == tables


def test_who_is_not_on_site_meets_in_virtual_rooms() -> None:
    states = participants(virtual=("anna",))
    assert tables_for(EVENT, [states["anna"], states["bruno"]], {}) == (2,)
    only_virtual = event_state(format="virtual", special_tables=(SPECIAL[1].model_copy(update={"number": 1}),), tables=1)
    assert tables_for(only_virtual, [states["anna"], states["bruno"]], {}) == (1,)


def test_at_a_virtual_event_a_room_is_given_to_who_needs_one() -> None:
    rooms = (Table(number=1, kind="virtual"), Table(number=2, kind="virtual"))
    online = event_state(format="virtual", special_tables=rooms, tables=2)
    assert own_tables(online, participants("anna", virtual=("anna", "bruno")), {}, {}) == {"anna": 2}


def test_a_guest_at_the_table_of_somebody_else_does_not_get_it() -> None:
    placed = newest({"m": (("dora", "anna"), 1, 6), "n": (("dora", "bruno"), 2, 6)}).placements
    assert own_tables(replace(EVENT, tables=6), participants("anna", "carla", "dora"), {}, table_use(placed)) == {
        "fabio": 1,
        "dora": 6,
        "anna": 5,
    }


def test_what_the_agenda_told_counts_before_where_somebody_sat() -> None:
    placed = newest({"m": (("dora", "anna"), 1, 6), "n": (("dora", "bruno"), 2, 6)}).placements
    published = replace(newest({}), own_tables=(OwnTable("anna", 6),)).own_table_of
    assert own_tables(EVENT, participants("anna", "dora"), published, table_use(placed)) == {"fabio": 1, "anna": 6, "dora": 5}


def test_who_needs_a_table_keeps_it_and_one_is_left_to_the_others() -> None:
    states = participants("anna", "carla", "dora")
    sat = table_use(newest({"m": (("carla", "bruno"), 1, 5), "n": (("carla", "fabio"), 2, 1)}).placements)
    own = own_tables(EVENT, states, {}, sat)
    assert own == {"fabio": 1, "carla": 5, "anna": 6}
    assert unmet_needs(EVENT, states, own) == ["dora"]
    assert unmet_needs(EVENT, participants("dora", virtual=("dora",)), own) == [], "who is not there needs no table"
