"""A registration from the first place to the check-in: who takes part, who waits, who is there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.events.brokerage import state as brokerage_state
from services.events.registration import state as registration_state
from services.events.registration.rules import participation as registrations
from services.events.texts import TEXTS
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    CheckInUndone,
    ParticipantCheckedIn,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    RequestsExpired,
    Unanswered,
)
from tests.events.factories import (
    APPROVED,
    MORNING,
    event_state,
    two_days,
)
from tests.events.folding import Rule, folded, run, same, statuses

NEXT_MORNING = MORNING + timedelta(days=1)
DEADLINE = MORNING - timedelta(days=2)
DEADLINE = MORNING - timedelta(days=2)


def test_a_changed_registration_is_told_as_said_again() -> None:
    event, approved = event_state(), APPROVED
    registration = ParticipantRegistered(event_id="e", member_id="anna", unavailable=(2,))
    for places in ((), None):
        [first] = registrations.register(None, registration, event, approved, places, MORNING)
        state = registration_state.evolve(None, first)
        assert registrations.register(state, registration, event, approved, places, MORNING) == []
        [edited] = registrations.register(
            state, registration.model_copy(update={"unavailable": (3,)}), event, approved, places, MORNING
        )
        assert (first.model_dump()["again"], edited.model_dump()["again"]) == (False, True)
    [comes_in] = registrations.register(state, registration, event, approved, (), MORNING)
    assert not comes_in.model_dump()["again"], "it had waited"


def test_nobody_new_comes_when_the_last_slot_is_over() -> None:
    event, requested = event_state(), ParticipantRegistered(event_id="e", member_id="anna")
    end = event.slots[-1].ends
    [first] = registrations.register(None, requested, event, APPROVED, (), end - timedelta(seconds=1))
    with pytest.raises(Refusal) as refused:
        registrations.register(None, requested, event, APPROVED, (), end, by_manager=True)
    assert refused.value.code == "event-over"
    registered = registration_state.evolve(None, first)
    assert registrations.register(registered, requested, event, APPROVED, (), end) == []


def test_who_is_checked_in_is_there_on_that_day() -> None:
    event = event_state("running", slots=two_days(1, 1))
    anna = registration_state.evolve(None, ParticipantRegistered(event_id="e", member_id="anna"))
    days: list[tuple[str, ...]] = []
    for now in (MORNING, MORNING + timedelta(hours=3), NEXT_MORNING, NEXT_MORNING):
        for check_in in registrations.check_in(anna, event, now):
            anna = registration_state.evolve(anna, check_in)
            days.append(anna.checked_in_on)
    assert days == [("2027-03-12",), ("2027-03-12", "2027-03-13")], "once a day"
    # By the clock of the place; and the last day, where all are over.
    fresh = registration_state.evolve(None, ParticipantRegistered(event_id="e", member_id="anna"))
    for zone, now in (("Pacific/Auckland", MORNING + timedelta(hours=3)), ("Europe/Rome", NEXT_MORNING + timedelta(days=2))):
        expected = ParticipantCheckedIn(event_id="e", member_id="anna", day="2027-03-13")
        assert registrations.check_in(fresh, replace(event, timezone=zone), now) == [expected]


def test_a_check_in_of_before_days_were_told_is_of_the_first_day() -> None:
    event = event_state("running", slots=two_days(1, 1))
    anna = registration_state.evolve(None, ParticipantRegistered(event_id="e", member_id="anna"))
    anna = registration_state.evolve(anna, ParticipantCheckedIn(event_id="e", member_id="anna"))
    assert (anna.checked_in, registrations.days_checked_in(anna, event)) == (True, ("2027-03-12",))
    assert registrations.check_in(anna, event, MORNING) == []
    [next_day] = registrations.check_in(anna, event, NEXT_MORNING)
    assert registration_state.evolve(anna, next_day).checked_in_on == ("2027-03-13",)


def test_nobody_is_checked_in_before_the_day_unless_the_event_was_started() -> None:
    anna = registration_state.evolve(None, ParticipantRegistered(event_id="e", member_id="anna"))
    midnight = MORNING.replace(hour=23, minute=0) - timedelta(days=1)  # in Rome
    for status in ("registration-open", "registration-closed"):
        event = event_state(status, slots=two_days(1, 1))
        with pytest.raises(Refusal) as refused:
            registrations.check_in(anna, event, midnight - timedelta(seconds=1))
        assert (refused.value.code, "2027-03-12" in TEXTS.write(refused.value.message, "en")) == ("event-not-begun", True)
        assert registrations.check_in(anna, event, midnight)
    [early] = registrations.check_in(anna, event_state("running", slots=two_days(1, 1)), midnight - timedelta(hours=3))
    assert early == ParticipantCheckedIn(event_id="e", member_id="anna", day="2027-03-12")


def test_a_check_in_is_taken_back_on_its_day() -> None:
    event = event_state("running", slots=two_days(1, 1))
    anna = registration_state.evolve(None, ParticipantRegistered(event_id="e", member_id="anna"))
    assert registrations.undo_check_in(anna, event, MORNING) == []
    for now in (MORNING, NEXT_MORNING):
        [check_in] = registrations.check_in(anna, event, now)
        anna = registration_state.evolve(anna, check_in)
    undone = CheckInUndone(event_id="e", member_id="anna", day="2027-03-13")
    assert registrations.undo_check_in(anna, event, NEXT_MORNING) == [undone]
    anna = registration_state.evolve(anna, undone)
    assert (anna.checked_in, anna.checked_in_on) == (True, ("2027-03-12",))
    assert registrations.undo_check_in(anna, event, NEXT_MORNING) == []
    assert registrations.check_in(anna, event, NEXT_MORNING), "and may be checked in again"
    # One of before days were told is of the first: a rehearsal can be taken back too.
    old = registration_state.evolve(None, ParticipantRegistered(event_id="e", member_id="anna"))
    old = registration_state.evolve(old, ParticipantCheckedIn(event_id="e", member_id="anna"))
    [rehearsed] = registrations.undo_check_in(old, event_state(slots=two_days(1, 1)), MORNING - timedelta(days=20))
    assert registrations.days_checked_in(registration_state.evolve(old, rehearsed), event) == ()
    with pytest.raises(Refusal) as refused:
        registrations.undo_check_in(anna, event_state("closed", slots=two_days(1, 1)), MORNING)
    assert refused.value.code == "event-closed"


def test_once_registration_is_closed_who_is_in_it_may_change_and_only_a_manager_brings_others() -> None:
    approved, registration = APPROVED, ParticipantRegistered(event_id="e", member_id="anna")
    virtual = registration.model_copy(update={"attends": "virtual"})
    registered = registration_state.evolve(None, registration)
    waiting = registration_state.evolve(None, ParticipantPutOnStandby(event_id="e", member_id="anna", since=MORNING))
    withdrawn = registration_state.evolve(registered, ParticipantWithdrew(event_id="e", member_id="anna"))

    def outcome(status: brokerage_state.Status, state: Any, by_manager: bool) -> str:
        event = event_state(status, format="hybrid")
        try:
            [happened] = registrations.register(state, virtual, event, approved, ("all:1",), MORNING, by_manager)
        except Refusal as refused:
            return TEXTS.write(refused.message, "en")
        return happened.TYPE.removeprefix("events.participant-").removesuffix(".v1")

    for status in ("registration-closed", "running"):
        for by_manager in (False, True):
            assert outcome(status, registered, by_manager) == "registered"
        for state in (None, waiting, withdrawn):
            assert "a manager may register others" in outcome(status, state, False)
            assert outcome(status, state, True) == "registered"
    for state in (None, registered, withdrawn):
        assert "not open yet" in outcome("announced", state, True)
        assert "can no longer be changed" in outcome("closed", state, True)


@st.composite
def registration_commands(draw: st.DrawFn) -> Rule:
    event = event_state(draw(statuses), slots=two_days(2, 1))
    places = draw(st.sampled_from([None, (), ("all:1",)]))
    if draw(st.integers(0, 2)) == 0:
        return lambda state: registrations.withdraw(state, event)
    if draw(st.integers(0, 2)) == 0:
        now = draw(st.sampled_from([MORNING, NEXT_MORNING]))
        rule = draw(st.sampled_from([registrations.check_in, registrations.check_in, registrations.undo_check_in]))
        return lambda state: rule(state, event, now)
    if draw(st.integers(0, 2)) == 0:
        approved = draw(st.sampled_from([replace(APPROVED, status="withdrawn"), APPROVED]))
        return lambda state: registrations.promote(state, ("all:2",), event, approved)
    registration = ParticipantRegistered(event_id="e", member_id="anna", unavailable=draw(st.lists(st.integers(0, 4), max_size=4)))
    member, by_manager = draw(st.sampled_from([None, replace(APPROVED, status="applied"), APPROVED])), draw(st.booleans())
    return lambda state: registrations.register(state, registration, event, member, places, MORNING, by_manager)


@given(st.lists(registration_commands(), max_size=12))
def test_a_registration_is_what_its_domain_events_tell(commands: list[Rule]) -> None:
    state, emitted = run(registration_state.evolve, commands)
    assert same(state, folded(registration_state.evolve, emitted))
    if state is not None:
        assert sorted(set(state.unavailable)) == list(state.unavailable)
        assert set(state.unavailable) <= {1, 2, 3}
        assert state.status == "registered" or not list(registration_state.claims("r", state)), "places need a registration"
        assert (state.status == "standby") == (state.since is not None)
        assert state.checked_in == bool(state.checked_in_on)
        assert state.status == "registered" or not state.checked_in


def test_who_asked_is_told_once_of_each_deadline() -> None:
    first, second = event_state(requests_until=DEADLINE), event_state(requests_until=DEADLINE + timedelta(days=1))
    unanswered = [Unanswered(meeting_id="m", asked=("bruno",))]

    def expirations(registration: Any, event: Any) -> Sequence[DomainEvent]:
        return registrations.expire_requests(registration, unanswered, event, MORNING)

    registered = ParticipantRegistered(event_id="e", member_id="anna")
    registration = folded(registration_state.evolve, [registered])
    [expired] = expirations(registration, first)
    assert isinstance(expired, RequestsExpired)
    assert expired.until == DEADLINE
    second_registration = registered.model_copy(update={"again": True})
    once = folded(registration_state.evolve, [registered, expired, second_registration])
    assert expirations(once, first) == []
    [later] = expirations(once, second)
    assert expirations(folded(registration_state.evolve, [registered, expired, later]), second) == []
    before = folded(registration_state.evolve, [registered, expired.model_copy(update={"until": None})])
    assert expirations(before, first) == [], "it was told once the event was closed"
