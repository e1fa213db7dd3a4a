"""Meetings as they are found: one id for its members, and the place of an appointment as an agenda has it."""

import pytest

from services.events.meeting.queries import appointment_placements, meeting_id, placement_at
from services.events.meeting.state import Appointment
from tests.events.computation.factories import agreed, appointed


def test_a_meeting_has_one_id_whoever_requests_it() -> None:
    assert meeting_id("fair", "anna", "bruno") == meeting_id("fair", "bruno", "anna")
    ids = {
        meeting_id(*parts) for parts in (("fair", "anna", "bruno"), ("feast", "anna", "bruno"), ("fair", "anna", "bruno", "carla"))
    }
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("people", "placed"),
    [
        (("anna", "bruno", "carla"), ("anna", "bruno", "carla")),
        (("bruno:r2", "carla", "anna:r1"), ("anna:r1", "bruno:r2", "carla")),
        (("anna:r1",), ("anna:r1", "bruno", "carla")),
    ],
)
def test_people_of_an_appointment_are_in_the_order_of_the_newest_request(people: tuple[str, ...], placed: tuple[str, ...]) -> None:
    placement = placement_at(agreed("m", ("anna", "bruno", "carla")), Appointment(2, 1, people, ()))
    assert (placement.members, placement.others, placement.people) == (("anna", "bruno"), ("carla",), placed)
    assert (placement.slot, placement.table) == (2, 1)


def test_only_what_is_an_appointment_is_placed_as_one() -> None:
    booked = agreed("a", ("anna", "bruno"), appointment=appointed(3, 2, ("anna", "bruno")))
    assert [placement.meeting_id for placement in appointment_placements([agreed("m", ("anna", "carla")), booked])] == ["a"]
