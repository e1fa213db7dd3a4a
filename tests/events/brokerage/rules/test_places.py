"""A slot or a table that is asked for: there is one, it is open, and it has not begun."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.events.brokerage.rules.places import check_slot, check_table
from shared.chassis.errors import Invalid, Refusal
from tests.events.factories import MORNING, event_state

EVENT = replace(event_state(), closed_tables=(2,))


def test_a_slot_that_has_begun_is_refused_from_its_first_moment() -> None:
    second = EVENT.slots[1].starts
    check_slot(2, EVENT, second - timedelta(seconds=1))
    check_slot(1, EVENT, None)
    for number in (1, 2):
        with pytest.raises(Refusal) as refused:
            check_slot(number, EVENT, second)
        assert (refused.value.code, refused.value.errors[0].field) == ("slot-begun", "slot")


def test_the_last_slot_is_named_to_who_asks_for_one_after_it() -> None:
    check_slot(3, EVENT, MORNING)
    with pytest.raises(Invalid) as refused:
        check_slot(4, EVENT, MORNING)
    assert refused.value.errors[0].message.params["last"] == 3


@pytest.mark.parametrize(("table", "right"), [(None, True), (1, True), (2, False), (3, False)])
def test_a_table_is_one_of_the_event_and_open(table: int | None, right: bool) -> None:
    if right:
        check_table(table, EVENT)
        return
    with pytest.raises(Invalid) as refused:
        check_table(table, EVENT)
    assert refused.value.errors[0].field == "table"
