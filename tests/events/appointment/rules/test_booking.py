"""An appointment by hand: what both sides say, or a manager decides."""

from dataclasses import replace
from typing import Any

import pytest

from services.events.appointment.rules.booking import AppointmentContext, AppointmentRequest, appoint
from services.events.meeting import state as meeting_state
from services.events.meeting.rules.context import Place
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AppointmentMade,
    AppointmentProposed,
    MeetingAccepted,
    MeetingCancelled,
    MeetingHeld,
    MeetingRequested,
)
from tests.events.factories import event_state
from tests.events.meeting.rules.test_requests import ALL, BEFORE, after, refusal

PAIR = (
    MeetingRequested(event_id="e", mode="b2b", by="anna", towards="bruno"),
    MeetingAccepted(event_id="e", by="bruno", towards="anna"),
)


FREE = AppointmentContext(ALL, None, Place(1, ("anna", "bruno")), BEFORE)


def wished(state: Any, *wishes: AppointmentRequest, chance: AppointmentContext = FREE) -> list[DomainEvent]:
    """The events of these appointment requests, one after the other."""
    events: list[DomainEvent] = []
    for wish in wishes:
        for event in appoint(state, wish, chance, event_state()):
            state = meeting_state.evolve(state, event)
            events.append(event)
    return events


def test_both_sides_say_the_same_slot() -> None:
    proposed = AppointmentProposed(event_id="e", by="anna", slot=2)
    made = AppointmentMade(event_id="e", slot=2, table=1, people=("anna", "bruno"), anyway=())
    anna, bruno = AppointmentRequest(2, by="anna"), AppointmentRequest(2, by="bruno")
    assert wished(after(*PAIR), anna, anna, bruno, bruno) == [proposed, made], "the same again changes nothing"
    assert wished(after(*PAIR), AppointmentRequest(2)) == [made], "a manager decides"
    counter_proposal = AppointmentProposed(event_id="e", by="bruno", slot=3)
    assert wished(after(*PAIR), anna, AppointmentRequest(3, by="bruno"), anna) == [proposed, counter_proposal, proposed], (
        "another slot is another proposal"
    )
    assert wished(after(*PAIR), AppointmentRequest(2, 1, "anna"), AppointmentRequest(2, 2, "bruno"))[1].TYPE == proposed.TYPE, (
        "so is another table"
    )
    assert wished(after(*PAIR), AppointmentRequest(2, 1, "anna"), bruno)[1] == made, "who names no table takes the other's"
    off = MeetingCancelled(event_id="e", by="bruno", reason="no")
    assert after(*PAIR, proposed, off).proposal is None


def test_only_what_has_no_place_gets_one_by_hand() -> None:
    def refused(wish: AppointmentRequest, state: Any = None, **changes: Any) -> str:
        chance = AppointmentContext(**{**FREE.__dict__, **changes})
        return refusal(lambda: appoint(state or after(*PAIR), wish, chance, event_state()))

    assert refused(AppointmentRequest(2, by="anna"), in_agenda=(1, 1)) == "meeting-placed"
    assert refused(AppointmentRequest(3, by="anna"), after(*PAIR, *wished(after(*PAIR), AppointmentRequest(2)))) == "meeting-placed"
    assert refused(AppointmentRequest(2), after(PAIR[0])) == "meeting-not-accepted"
    assert refused(AppointmentRequest(2, by="carla")) == "not-a-side"
    assert refused(AppointmentRequest(2), registered=frozenset({"anna"})) == "not-registered"
    assert refused(AppointmentRequest(2), place=None) == "no-table-free"
    assert refused(AppointmentRequest(4)) == refused(AppointmentRequest(2, 3)) == "invalid"
    assert refused(AppointmentRequest(2, 1), place=None) == "table-not-theirs"
    unavailable = frozenset({"bruno"})
    assert refused(AppointmentRequest(2), unavailable=unavailable) == "not-available"
    for wishes, code in (("at_limit", "most-meetings-reached"), ("without_break", "break-too-short")):
        assert refused(AppointmentRequest(2), **{wishes: frozenset({"anna"})}) == code
    assert refused(AppointmentRequest(2), without_break=unavailable, in_agenda=(1, 1)) == "break-too-short"
    chance = AppointmentContext(**{**FREE.__dict__, "unavailable": unavailable})
    assert [event.TYPE for event in wished(after(*PAIR), AppointmentRequest(2, override_availability=True), chance=chance)] == [
        AppointmentMade.TYPE
    ]
    assert wished(after(*PAIR), AppointmentRequest(2, by="anna"), AppointmentRequest(2, by="bruno"), chance=chance)[1:], (
        "who agrees has time after all"
    )
    late = event_state().slots[1].starts
    assert refused(AppointmentRequest(2), now=late) == "slot-begun"
    with pytest.raises(Refusal, match="meeting-unknown"):
        appoint(None, AppointmentRequest(2), FREE, event_state())


def chance(**changes: Any) -> Any:
    return type(FREE)(**{**FREE.__dict__, **changes})


def test_a_manager_moves_what_has_a_place_and_has_not_begun() -> None:
    made = wished(after(*PAIR), AppointmentRequest(1))
    assert [event.moved for event in made] == [False]
    booked = after(*PAIR, *made)
    [moved] = wished(
        booked,
        AppointmentRequest(3),
        AppointmentRequest(3),
        AppointmentRequest(3, 1),
        chance=chance(place=Place(2, ("anna", "bruno"))),
    )[:1]
    assert moved == AppointmentMade(event_id="e", slot=3, table=2, people=("anna", "bruno"), moved=True, anyway=())
    assert set(meeting_state.claims("m", meeting_state.evolve(booked, moved))) == {
        "e:3:person:anna",
        "e:3:person:bruno",
        "e:3:table:2",
    }
    assert wished(booked, AppointmentRequest(1), AppointmentRequest(1, 1)) == [], "the same again changes nothing"

    placed = chance(in_agenda=(1, 1))
    assert [event.moved for event in wished(after(*PAIR), AppointmentRequest(2), chance=placed)] == [True]
    assert [event.moved for event in wished(after(*PAIR), AppointmentRequest(1), AppointmentRequest(1), chance=placed)] == [
        False
    ], "it is to stay where it is"

    def refused(state: Any, wish: AppointmentRequest, **changes: Any) -> str:
        return refusal(lambda: wished(state, wish, chance=chance(**changes)))

    late = event_state().slots[0].starts
    assert refused(booked, AppointmentRequest(2), now=late) == "meeting-begun"
    assert refused(after(*PAIR), AppointmentRequest(2), in_agenda=(1, 1), now=late) == "meeting-begun"
    assert refused(after(*PAIR, MeetingHeld(event_id="e")), AppointmentRequest(2)) == "meeting-begun"
    assert (
        refused(booked, AppointmentRequest(2, by="anna"))
        == refused(after(*PAIR), AppointmentRequest(1, by="anna"), in_agenda=(1, 1))
        == "meeting-placed"
    )


def test_a_manager_goes_beyond_what_a_side_wants_only_when_it_says_so_and_a_side_speaks_for_itself() -> None:
    crowded = AppointmentContext(**{**FREE.__dict__, "at_limit": ALL, "without_break": ALL})
    manager, sides = AppointmentRequest(2, override_wishes=True), [AppointmentRequest(2, by=by) for by in ("anna", "bruno")]
    assert [event.TYPE for event in wished(after(*PAIR), manager, chance=crowded)] == [AppointmentMade.TYPE]
    assert wished(after(*PAIR), *sides, chance=crowded)[1].TYPE == AppointmentMade.TYPE
    for context, override in (
        (crowded, {"override_wishes": True}),
        (AppointmentContext(**{**FREE.__dict__, "unavailable": ALL}), {"override_availability": True}),
    ):
        in_name_of = AppointmentRequest(2, by="anna", in_name_of=True)
        with pytest.raises(Refusal):
            wished(after(*PAIR), in_name_of, chance=context)
        assert len(wished(after(*PAIR), replace(in_name_of, **override), chance=context)) == 1, "it proposes in the name of a side"
    moved = AppointmentContext(**{**FREE.__dict__, "at_limit": ALL, "in_agenda": (1, 1)})
    assert [event.TYPE for event in wished(after(*PAIR), AppointmentRequest(2), chance=moved)] == [AppointmentMade.TYPE], (
        "a move is no meeting more"
    )
