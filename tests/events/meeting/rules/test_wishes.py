"""Who has as many meetings as it wants, and who would have no break."""

from dataclasses import replace

import pytest

from services.events.agenda.state import Placement
from services.events.meeting.rules.wishes import at_limit, without_break
from services.events.registration.state import Registration, Representative, evolve
from shared.contracts.events import ParticipantRegistered
from tests.events.factories import event_state, slots

PLACED = [
    Placement("m1", ("anna", "carla"), 1, 1),
    Placement("m2", ("dora", "anna"), 3, 1, others=("elio",), people=("dora", "anna:r2", "elio")),
]


def registration(member: str, **changes: object) -> Registration:
    return replace(evolve(None, ParticipantRegistered(event_id="e", member_id=member)), **changes)  # type: ignore[arg-type]


def test_a_member_is_at_its_limit_with_all_its_representatives() -> None:
    limits = {"anna": 2, "carla": 2, "dora": None, "elio": 1}
    registrations = {member: registration(member, most_meetings=limit) for member, limit in limits.items()}
    assert at_limit(registrations, PLACED) == {"anna", "elio"}
    assert at_limit(registrations, []) == frozenset()


@pytest.mark.parametrize(
    ("person", "slot", "min_break", "near"),
    [
        ("anna", 2, 0, False),
        ("anna", 2, 1, True),
        ("anna", 3, 1, False),
        ("anna", 3, 2, True),
        ("anna:r1", 4, 5, False),
        ("anna:r2", 4, 1, True),
        ("anna:r2", 5, 1, False),
    ],
)
def test_a_break_is_each_persons_own(person: str, slot: int, min_break: int, near: bool) -> None:
    representatives = (Representative("r1", None), Representative("r2", None)) if ":" in person else ()
    registrations = {"anna": registration("anna", min_break=min_break, representatives=representatives)}
    event = event_state(slots=slots(5))
    assert without_break((person, "bruno"), slot, registrations, PLACED, event) == ({"anna"} if near else set())
    if representatives:
        assert without_break(("anna:r1", "anna:r2"), slot, registrations, PLACED, event) == frozenset(), "the other may come"
