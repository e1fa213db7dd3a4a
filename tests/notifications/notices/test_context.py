"""Names, people and places that notices are made of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notifications.notices.context import Context, SlotUnknown, partners, people_of, place_of, representative
from services.notifications.notices.facts import RoomDetails
from services.notifications.read_models import Room
from tests.notifications.factories import BROKERAGE_EVENT, STARTS

ROOMS = (Room(2, "Sala Verde", virtual=False), Room(3, None, virtual=True))
CONTEXT = Context({"a": "Alfa", "b": "Beta", "c": "Gamma"}, replace(BROKERAGE_EVENT, rooms=ROOMS), labels={"c:r2": "Acquisti"})


def test_partners_are_named_with_the_labels_of_the_representatives_they_send_and_never_with_ids() -> None:
    members, people = ("a", "b", "c"), people_of(("a", "b", "c"), ("c:r2", "b:r1", "x:r9"))
    assert people == ("a", "b:r1", "c:r2")
    assert partners(members, "a", CONTEXT, people) == "Beta, Gamma (Acquisti)"
    assert partners(members, "c", CONTEXT) == "Alfa, Beta"
    assert [representative(person, CONTEXT) for person in ("c:r2", "b:r1", "c")] == ["Acquisti", "", ""]


def test_a_place_has_the_room_of_its_table() -> None:
    rooms = [place_of(CONTEXT, 2, table).room for table in (None, 1, 2, 3)]
    assert rooms == [None, None, RoomDetails("Sala Verde", virtual=False), RoomDetails(None, virtual=True)]
    assert place_of(CONTEXT, 2, 2).starts == STARTS + timedelta(minutes=20)


def test_a_slot_that_was_added_since_is_unknown() -> None:
    with pytest.raises(SlotUnknown):
        place_of(CONTEXT, 5)
