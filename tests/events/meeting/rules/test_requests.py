"""Groups, deadlines, cancellations and appointments: the rules alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.events.meeting import state as meeting_state
from services.events.meeting.rules import requests as meetings
from services.events.meeting.rules.context import MeetingContext, Place, RequestUnseen
from services.events.meeting.rules.wishes import Overrides
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AppointmentMade,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingExpired,
    MeetingJoined,
    MeetingRequested,
)
from tests.events.factories import EVERY_FIRM, MORNING, event_state
from tests.events.folding import Rule, folded, run, same, statuses

ALL = frozenset({"anna", "bruno", "carla"})
GROUP = MeetingRequested(event_id="e", mode="b2b", by="anna", towards="bruno", others=("carla",))
PAIR = MeetingRequested(event_id="e", mode="b2b", by="anna", towards="bruno", slot=2)
AGREED = MeetingAccepted(event_id="e", by="bruno", towards="anna")
BEFORE = MORNING - timedelta(days=1)


def facts(now: datetime = BEFORE, **changes: Any) -> MeetingContext:
    return MeetingContext(event_state(**changes), ALL, None, now, place=Place(1, ("anna", "bruno")), kinds=EVERY_FIRM)


def after(*events: DomainEvent) -> Any:
    return folded(meeting_state.evolve, events)


def refusal(rule: Any) -> str:
    with pytest.raises(Refusal) as refused:
        rule()
    return refused.value.code


def test_a_group_meets_when_all_have_accepted() -> None:
    joined = MeetingJoined(event_id="e", by="carla", towards="anna")
    assert meetings.accept(after(GROUP), "carla", facts()) == [joined]
    assert meetings.accept(after(GROUP, joined), "carla", facts()) == []
    assert meetings.accept(after(GROUP, joined), "bruno", facts()) == [AGREED]
    assert refusal(lambda: meetings.accept(after(GROUP), "anna", facts())) == "not-asked"
    declined = MeetingDeclined(event_id="e", by="carla", towards="anna", reason="no")
    assert meetings.decline(after(GROUP), "carla", "no", event_state()) == [declined], "one who declines is enough"


def test_a_group_is_not_agreed_with_who_withdrew_after_joining() -> None:
    waiting = after(GROUP, MeetingJoined(event_id="e", by="carla", towards="anna"))
    without = replace(facts(), registered=frozenset({"anna", "bruno"}))
    assert refusal(lambda: meetings.accept(waiting, "bruno", without)) == "not-registered"


def test_who_asked_takes_it_back_or_asks_otherwise() -> None:
    back = MeetingCancelled(event_id="e", by="anna", reason="no")
    assert meetings.cancel(after(PAIR), back, False, event_state()) == [back]
    cancellation = MeetingCancelled(event_id="e", by="bruno", reason="no")
    assert refusal(lambda: meetings.cancel(after(PAIR), cancellation, False, event_state())) == "meeting-not-accepted"
    managers = MeetingCancelled(event_id="e", reason="no", by_manager=True)
    for state in (after(PAIR), after(PAIR, AGREED)):
        assert meetings.cancel(state, managers, False, event_state()) == [managers]
    assert meetings.request(after(PAIR), PAIR, facts()) == []
    later = PAIR.model_copy(update={"slot": 3})
    assert meetings.request(after(PAIR), later, facts()) == [later]
    joined = after(GROUP, MeetingJoined(event_id="e", by="carla", towards="anna"))
    repeated = GROUP.model_copy(update={"slot": 3})
    assert meeting_state.evolve(joined, *meetings.request(joined, repeated, facts())).accepted == (), "who joined is asked again"


def test_asking_back_is_accepting_what_was_asked_for_and_nothing_else() -> None:
    back = MeetingRequested(event_id="e", mode="b2b", by="bruno", towards="anna")
    made = AppointmentMade(event_id="e", slot=2, table=1, people=("anna", "bruno"), anyway=())
    for repeated in (back, back.model_copy(update={"slot": 2})):
        assert meetings.request(after(PAIR), repeated, facts()) == [AGREED, made]
        assert meetings.request(after(PAIR, AGREED, made), repeated, facts()) == []
    for changes in ({"slot": 3}, {"slot": 2, "table": 2}):
        for state in (after(PAIR), after(PAIR, AGREED, made)):
            request = back.model_copy(update=changes)
            assert refusal(lambda state=state, request=request: meetings.request(state, request, facts())) == "asked-otherwise"


def test_nobody_accepts_another_time_than_it_saw() -> None:
    seen = replace(facts(), request_seen=after(PAIR))
    assert meetings.accept(after(PAIR), "bruno", seen)
    moved = after(PAIR, PAIR.model_copy(update={"slot": 3}))
    assert refusal(lambda: meetings.accept(moved, "bruno", seen)) == "asked-otherwise"


def test_a_manager_that_asks_or_accepts_for_a_side_goes_beyond_what_that_side_wants_only_when_it_says_so() -> None:
    back = MeetingRequested(event_id="e", mode="b2b", by="bruno", towards="anna")
    everywhere = {
        "not-available": (Overrides(override_availability=True), {"unavailable": frozenset({"anna", "bruno"})}),
        "most-meetings-reached": (Overrides(override_wishes=True), {"at_limit": frozenset({"anna", "bruno"})}),
        "break-too-short": (Overrides(override_wishes=True), {"without_break": frozenset({"anna", "bruno"})}),
    }
    for code, (overrides, obstacles) in everywhere.items():
        own = replace(facts(), **obstacles)
        silent, overriding = replace(own, in_name_of=Overrides()), replace(own, in_name_of=overrides)
        for rule in (
            lambda context: meetings.accept(after(PAIR), "bruno", context),
            lambda context: meetings.request(after(PAIR), back, context),
            lambda context: meetings.request(None, PAIR, context),
            lambda context: meetings.request(after(PAIR), PAIR.model_copy(update={"slot": 3}), context),
        ):
            assert refusal(lambda rule=rule, context=silent: rule(context)) == code
            assert rule(overriding) == rule(own) != [], "a side speaks for itself"
        assert meetings.request(after(PAIR), PAIR, silent) == [], "a repetition changes nothing"
        assert meetings.accept(after(PAIR.model_copy(update={"slot": None})), "bruno", silent) == [AGREED], "no slot, no booking"
    anna_busy = replace(facts(), unavailable=frozenset({"anna"}), in_name_of=Overrides())
    assert meetings.accept(after(PAIR), "bruno", anna_busy), "the other side has spoken for itself"


def test_a_deadline_ends_asking_and_answering() -> None:
    late = facts(requests_until=BEFORE)
    assert refusal(lambda: meetings.request(None, PAIR, late)) == "requests-over"
    assert refusal(lambda: meetings.accept(after(PAIR), "bruno", late)) == "requests-over"
    assert meetings.expire(after(PAIR), late.brokerage_event, BEFORE) == [MeetingExpired(event_id="e")]
    assert meetings.expire(after(PAIR), late.brokerage_event, BEFORE - timedelta(seconds=1)) == []
    assert meetings.expire(after(PAIR, AGREED), late.brokerage_event, BEFORE) == [], "what is agreed does not expire"
    assert meetings.expire(after(PAIR), event_state(), BEFORE) == [], "without a deadline nothing does"
    assert meetings.expire(after(PAIR), event_state("closed"), BEFORE) == [MeetingExpired(event_id="e")]


def test_an_appointment_claims_its_people_and_its_table_until_it_is_cancelled() -> None:
    made = AppointmentMade(event_id="e", slot=2, table=1, people=("anna", "bruno"), anyway=())
    assert meetings.accept(after(PAIR), "bruno", facts()) == [AGREED, made]
    state = after(PAIR, AGREED, made)
    assert set(meeting_state.claims("m", state)) == {"e:2:person:anna", "e:2:person:bruno", "e:2:table:1"}
    off = MeetingCancelled(event_id="e", by="bruno", reason="no")
    assert refusal(lambda: meetings.cancel(state, off, True, event_state())) == "meeting-begun"
    assert meetings.cancel(state, off, False, event_state()) == [off]
    assert not list(meeting_state.claims("m", after(PAIR, AGREED, made, off)))
    assert meetings.request(after(PAIR, AGREED, made, off), PAIR, facts()) == [PAIR], "one may ask again"


def test_an_appointment_is_in_a_slot_to_come_at_a_table_there_is() -> None:
    begun = facts(now=MORNING + timedelta(minutes=20))
    assert refusal(lambda: meetings.accept(after(PAIR), "bruno", begun)) == "slot-begun"
    assert refusal(lambda: meetings.request(None, PAIR, begun)) == "slot-begun"
    for wrong in (PAIR.model_copy(update={"slot": 4}), PAIR.model_copy(update={"table": 3}), GROUP.model_copy(update={"table": 1})):
        assert refusal(lambda wrong=wrong: meetings.request(None, wrong, facts())) == "invalid"
    nowhere = MeetingContext(event_state(), ALL, None, BEFORE, kinds=EVERY_FIRM)
    assert refusal(lambda: meetings.accept(after(PAIR), "bruno", nowhere)) == "no-table-free"


def test_who_does_not_want_a_meeting_is_named_in_its_request_and_to_a_manager_alone() -> None:
    unwilling = MeetingContext(event_state(), ALL, None, BEFORE, frozenset({"bruno"}), kinds=EVERY_FIRM)
    assert meetings.request(None, PAIR, unwilling) == [PAIR.model_copy(update={"unwilling": ("bruno",)})]
    assert meetings.request(after(PAIR), PAIR, unwilling) == [], "a wish is no other request"
    assert refusal(lambda: meetings.request(None, PAIR, replace(unwilling, by_manager=True))) == "no-thanks"


MEMBERS = ("anna", "bruno", "carla")


@st.composite
def meeting_commands(draw: st.DrawFn) -> Rule:
    registered = draw(st.sampled_from([frozenset(MEMBERS), frozenset(MEMBERS), frozenset({"anna"})]))
    facts = MeetingContext(event_state(draw(statuses)), registered, kinds=EVERY_FIRM)
    pair = draw(st.sampled_from([("anna", "bruno"), ("bruno", "anna"), ("anna", "anna")]))
    by = draw(st.sampled_from(MEMBERS))
    request = MeetingRequested(event_id="e", mode=draw(st.sampled_from(["b2b", "r2b", "f2b"])), by=pair[0], towards=pair[1])
    rules: list[Rule] = [
        lambda state: meetings.request(state, request, facts),
        lambda state: meetings.accept(state, by, facts),
        lambda state: meetings.decline(state, by, "no time", facts.brokerage_event),
    ]
    return draw(st.sampled_from(rules))


@given(st.lists(meeting_commands(), max_size=12))
def test_a_meeting_is_what_its_domain_events_tell(commands: list[Rule]) -> None:
    state, emitted = run(meeting_state.evolve, commands)
    assert same(state, folded(meeting_state.evolve, emitted))
    for before, after in pairwise(emitted):
        if isinstance(after, MeetingRequested):
            assert isinstance(before, MeetingDeclined | MeetingRequested)
            assert after.by == before.by, "only who declined, or who asked, asks again"
            assert after != before
        else:
            assert isinstance(before, MeetingRequested)
            assert isinstance(after, MeetingAccepted | MeetingDeclined)
            assert (after.by, after.towards) == (before.towards, before.by), "only the asked side answers"


def test_who_asks_back_for_a_slot_that_was_requested_just_now_has_it_read_again() -> None:
    back = PAIR.model_copy(update={"by": "bruno", "towards": "anna"})
    with pytest.raises(RequestUnseen):
        meetings.request(after(PAIR), back, replace(facts(), place=None))
    with pytest.raises(Refusal) as refused:
        meetings.request(after(PAIR), back, replace(facts(), place=None, request_seen=after(PAIR)))
    assert refused.value.code == "no-table-free"
