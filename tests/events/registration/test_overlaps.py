"""What a participant is warned of: events at the same time, and whether the same person may be expected at both."""

from dataclasses import replace

import pytest

from services.events.registration.overlaps import Overlap
from services.events.registration.state import Registration, Representative, evolve
from shared.contracts.events import ParticipantRegistered
from tests.events.factories import event_state, stored_event


def registered(*representatives: str, unavailable: tuple[int, ...] = ()) -> Registration:
    state = evolve(None, ParticipantRegistered(event_id="e", member_id="anna", unavailable=unavailable))
    return replace(state, representatives=tuple(Representative(id, None) for id in representatives))


def overlap(registration: Registration) -> Overlap:
    return Overlap(stored_event(event_state()), registration, {1: (1,), 2: (1, 2), 3: (3,)})


def test_slots_in_which_it_is_not_available_at_one_of_the_events_are_no_warning() -> None:
    assert overlap(registered()).common_slots(registered()) == [1, 2, 3]
    assert overlap(registered()).common_slots(registered(unavailable=(2,))) == [1, 3]
    assert overlap(registered(unavailable=(1, 3))).common_slots(registered()) == [2]


@pytest.mark.parametrize(
    ("own", "parallel", "same"),
    [((), (), True), (("r1",), (), True), (("r1",), ("r1", "r2"), True), (("r1",), ("r2",), False)],
)
def test_people_differ_where_both_sides_name_them_and_no_id_is_the_same(
    own: tuple[str, ...], parallel: tuple[str, ...], same: bool
) -> None:
    assert overlap(registered(*parallel)).may_be_same_person(registered(*own)) is same
