"""A version is published again only where it still fits: the rules of restoring, pure."""

from dataclasses import replace
from typing import Any

import pytest

from services.events.agenda.state import Agenda
from services.events.computation.restore import restored_version
from services.events.computation.scheduling_input import SchedulingInput
from services.events.meeting import state as meeting_state
from services.events.meeting.state import Meeting
from services.events.registration import state as registration_state
from services.events.registration.state import Registration
from services.events.texts import TEXTS
from shared.chassis.errors import Refusal
from shared.chassis.writes.aggregate import Stored
from shared.contracts.base import DomainEvent
from shared.contracts.events import AppointmentMade, MeetingAccepted, MeetingRequested, ParticipantRegistered, Representative
from tests.events.computation.factories import newest
from tests.events.factories import event_state, stored

NAMES = {"anna": "Firm anna", "bruno": "Firm bruno", "carla": "Firm carla"}


def registration(member: str, representatives: tuple[str, ...] = (), **changes: Any) -> Stored[Registration]:
    people = tuple(Representative(id=representative) for representative in representatives)
    registered = ParticipantRegistered(event_id="fair", member_id=member, representatives=people, **changes)
    return stored(member, registration_state.evolve(None, registered))


def meeting(id: str, by: str, towards: str, *later: DomainEvent) -> Stored[Meeting]:
    request = MeetingRequested(event_id="fair", mode="b2b", by=by, towards=towards)
    state = meeting_state.evolve(None, request)
    for event in (MeetingAccepted(event_id="fair", by=towards, towards=by), *later):
        state = meeting_state.evolve(state, event)
    return stored(id, state)


MEETINGS = [meeting("ab", "anna", "bruno"), meeting("ac", "anna", "carla")]
PEOPLE = [registration("anna", ("r1", "r2")), registration("bruno"), registration("carla")]
OLD = replace(
    newest(
        {"ab": (("anna", "bruno"), 1, 1), "ac": (("anna", "carla"), 2, 2)}, {"ab": ("anna:r1", "bruno"), "ac": ("anna:r1", "carla")}
    ),
    input="somewhat",
)
NEWEST = replace(OLD, placements=())
BOOKED = meeting("ac", "anna", "carla", AppointmentMade(event_id="fair", slot=3, table=1, people=("anna:r2", "carla")))


def restored(
    agreed: list[Stored[Meeting]] = MEETINGS,
    people: list[Stored[Registration]] = PEOPLE,
    newest: Agenda = NEWEST,
    now: int = 1,
    no_shows: dict[str, frozenset[int]] | None = None,
    **event: Any,
) -> Any:
    inputs = SchedulingInput(stored("fair", replace(event_state(), **event)), agreed, people, no_shows or {})
    return restored_version(inputs, NAMES, newest, OLD, 1, now)


def test_what_still_fits_is_published_as_it_was() -> None:
    version = restored()
    assert [(placement.meeting_id, placement.slot, placement.table) for placement in version.placements] == [
        ("ab", 1, 1),
        ("ac", 2, 2),
    ]
    assert (version.restores, version.status) == (1, "feasible")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"agreed": MEETINGS[:1]}, "a meeting in slot 2 is no longer accepted"),
        ({"agreed": [MEETINGS[0], BOOKED]}, "a meeting in slot 2 is an appointment now"),
        ({"people": [PEOPLE[0], PEOPLE[1]]}, "Firm carla is not there in slot 2"),
        ({"people": [*PEOPLE[:2], registration("carla", unavailable=(2,))]}, "Firm carla is not there in slot 2"),
        ({"people": [registration("anna", ("r2", "r3")), *PEOPLE[1:]]}, "Firm anna sends other representatives in slot 1"),
        ({"people": [registration("anna", ("r1",), most_meetings=1), *PEOPLE[1:]]}, "Firm anna wants at most 1 meetings"),
        ({"no_shows": {"carla": frozenset({1, 2, 3})}}, "Firm carla is not there in slot 2"),
        ({"closed_tables": [2]}, "table 2 is closed"),
        ({"now": 2}, "a meeting that has begun would change"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        restored(**changed)
    assert TEXTS.write(refused.value.message, "en") == f"The version no longer fits: {reason}."


def test_what_has_begun_is_past_checking() -> None:
    version = restored(people=[registration("anna", ("r2",)), *PEOPLE[1:]], newest=OLD, now=3)
    assert len(version.placements) == 2
