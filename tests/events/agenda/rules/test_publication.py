"""Versions of an agenda: published whole, free of double bookings, and only where they are better."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.events.agenda import state as agenda_state
from services.events.agenda.rules import publication as agendas
from services.events.agenda.state import Agenda
from services.events.agenda.state import claims as agenda_claims
from shared.chassis.errors import Refusal
from shared.contracts.events import (
    AgendaPublished,
    Placement,
)
from tests.events.appointment.test_concurrent_booking import coming_slots
from tests.events.factories import MORNING, event_state, slots
from tests.events.folding import Rule, folded, run, same, statuses
from tests.events.meeting.rules.test_requests import BEFORE

placements = st.builds(
    lambda pair, slot, table: Placement(meeting_id="m", members=pair, slot=slot, table=table),
    st.sampled_from([("anna", "bruno"), ("bruno", "carla"), ("carla", "anna"), ("dora", "elio")]),
    st.integers(1, 4),
    st.integers(1, 3),
)


def agenda(placed: Sequence[Placement], input: str = "i") -> AgendaPublished:
    return AgendaPublished(event_id="e", placements=tuple(placed), status="optimal", breaks=0, bound=0, input=input)


@given(st.lists(st.tuples(st.lists(placements, max_size=4), st.sampled_from("ij"), statuses), max_size=8))
def test_a_published_agenda_has_a_claim_for_each_person_and_table(versions: list[Any]) -> None:
    def publishing(placed: list[Placement], input: str, status: Any) -> Rule:
        return lambda state: agendas.publish(state, agenda(placed, input), event_state(status))

    state, emitted = run(agenda_state.evolve, [publishing(*version) for version in versions])
    assert same(state, folded(agenda_state.evolve, emitted))
    assert all(earlier.input != later.input for earlier, later in pairwise(emitted))  # type: ignore[attr-defined]
    if state is not None:
        claims = list(agenda_state.claims("e", state))
        assert len(claims) == len(set(claims)) == 3 * len(state.placements)


def test_more_time_for_the_same_input_publishes_only_what_is_better() -> None:
    first = Placement(meeting_id="m", members=("anna", "bruno"), slot=1, table=1)
    second = Placement(meeting_id="n", members=("carla", "dora"), slot=1, table=2)
    smaller, larger = agenda([first]), agenda([first, second])
    event = event_state()
    for status, published in (("optimal", []), ("feasible", [larger])):
        state = agenda_state.evolve(None, smaller.model_copy(update={"status": status}))
        assert agendas.publish(state, larger, event) == published
        assert agendas.publish(state, smaller, event) == agendas.publish(state, agenda([]), event) == []
    idle = agenda_state.evolve(None, smaller.model_copy(update={"status": "feasible", "breaks": 1}))
    assert agendas.publish(idle, smaller, event) == [smaller], "as many, with fewer breaks"


def test_a_repaired_version_gives_way_to_a_better_one_that_was_computed_anew() -> None:
    placed = [Placement(meeting_id="m", members=("anna", "bruno"), slot=1, table=1)]
    repaired = agenda(placed).model_copy(update={"repaired": True, "breaks": 2})
    state = agenda_state.evolve(None, repaired)
    assert not agendas.is_final(state, repairing=False)
    assert agendas.is_final(state, repairing=True)
    assert agendas.publish(state, agenda(placed), event_state()) == [agenda(placed)]
    assert agendas.publish(state, repaired.model_copy(update={"breaks": 1}), event_state()) == [], "another repair changes nothing"
    assert agendas.publish(state, agenda(placed).model_copy(update={"breaks": 2}), event_state()) == []


def test_double_bookings_are_refused() -> None:
    first = Placement(meeting_id="m", members=("anna", "bruno"), slot=1, table=1)
    for booking in (("carla", "dora"), 1, 1), (("anna", "dora"), 1, 2):
        members, slot, table = booking
        second = Placement(meeting_id="n", members=members, slot=slot, table=table)
        with pytest.raises(Refusal, match="double-booking"):
            agendas.publish(None, agenda([first, second]), event_state())


def test_an_agenda_is_published_without_what_left_it() -> None:
    pairs = {"ab": ("anna", "bruno"), "ac": ("anna", "carla"), "ad": ("anna", "dora")}
    seats = [Placement(meeting_id=id, members=pair, slot=slot, table=1) for slot, (id, pair) in enumerate(pairs.items(), 1)]
    first = AgendaPublished(event_id="e", placements=tuple(seats), status="optimal", breaks=0, bound=0, input="i")
    state = Agenda.from_event(first)
    [left] = agendas.release_placement(state, "ac", event_state(), BEFORE)
    assert isinstance(left, AgendaPublished)
    assert ([placement.meeting_id for placement in left.placements], left.appointed) == (["ab", "ad"], ("ac",))
    assert (left.breaks, left.bound, left.status) == (1, 0, "feasible"), "nobody has proven that it is the best"
    assert left.input != first.input, "an agenda of the same meetings as before is another one"
    assert "e:2:person:anna" not in set(agenda_claims("e", Agenda.from_event(left)))
    assert (
        agendas.release_placement(state, "bc", event_state(), BEFORE)
        == agendas.release_placement(None, "ab", event_state(), BEFORE)
        == []
    )
    assert agendas.release_placement(state, "ab", event_state(), MORNING) == [], "what has begun stays"
    two_days = (slots(1)[0], *(slot.model_copy(update={"number": n}) for n, slot in enumerate(coming_slots(2), 2)))
    [overnight] = agendas.release_placement(state, "ac", event_state(slots=two_days), BEFORE.replace(year=2020))
    assert isinstance(overnight, AgendaPublished)
    assert overnight.breaks == 0, "a night is no break"
