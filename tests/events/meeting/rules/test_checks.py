"""What must be right about a meeting and its request, and which field is named where it is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.events.meeting.rules.checks import (
    accepted_meeting,
    check_in_time,
    check_registered,
    check_request,
    check_same_place,
    check_unchanged,
    free_place,
)
from services.events.meeting.rules.context import MeetingContext, Place
from services.events.rows import Introduction
from shared.chassis.errors import Refusal
from shared.contracts.events import AppointmentMade, MeetingAccepted, MeetingRequested
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind
from tests.events.factories import EVERY_FIRM, MORNING, event_state
from tests.events.meeting.rules.test_requests import after

REQUEST = MeetingRequested(event_id="e", mode="b2b", by="anna", towards="bruno", others=("carla",))
MADE = Introduction(("anna", "bruno"), "b2b", introduced=True)
CONTEXT = MeetingContext(
    event_state(),
    frozenset({"anna", "bruno", "carla"}),
    MADE,
    MORNING - timedelta(days=1),
    people={"anna": ("anna:r1",)},
    kinds=EVERY_FIRM,
)


def refusal(check: Callable[[], object]) -> tuple[str, list[str]]:
    """The code of a refusal, and the fields it names."""
    with pytest.raises(Refusal) as refused:
        check()
    return refused.value.code, [error.field for error in refused.value.errors]


def requested(**changes: Any) -> MeetingRequested:
    return REQUEST.model_copy(update=changes)


@pytest.mark.parametrize(
    "right", [REQUEST, requested(people=("anna:r1",)), requested(slot=3, table=2), requested(introduction_id="x")]
)
def test_a_request_that_makes_sense_is_let_through(right: MeetingRequested) -> None:
    check_request(right, CONTEXT)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"towards": "anna"}, "invalid", "towards"),
        ({"others": ("bruno",)}, "invalid", "others.0"),
        ({"mode": "f2b"}, "invalid", "mode"),
        ({"others": ("dora",)}, "not-registered", "others.0"),
        ({"people": ("anna:r2",)}, "representative-unknown", "representatives"),
        ({"table": 1}, "invalid", "slot"),
        ({"slot": 4}, "invalid", "slot"),
        ({"slot": 1, "table": 3}, "invalid", "table"),
    ],
)
def test_a_wrong_request_names_its_field(change: dict[str, Any], code: str, field: str) -> None:
    assert refusal(lambda: check_request(requested(**change), CONTEXT)) == (code, [field])


@pytest.mark.parametrize(
    ("mode", "partner", "modes", "right"),
    [
        ("b2b", "sme", ("b2b", "f2b"), True),
        ("f2b", "sme", ("b2b", "f2b"), False),
        ("b2b", "financial-operator", ("b2b", "f2b"), False),
        ("f2b", "financial-operator", ("b2b", "f2b"), True),
        ("r2b", "research-organisation", ("r2b",), True),
    ],
)
def test_members_meet_in_a_mode_of_their_kinds(mode: Mode, partner: Kind, modes: tuple[Mode, ...], right: bool) -> None:
    context = replace(CONTEXT, brokerage_event=event_state(modes=modes), kinds={"anna": "large-firm", "bruno": partner})
    request = requested(mode=mode, others=())
    if right:
        check_request(request, context)
    else:
        assert refusal(lambda: check_request(request, context)) == ("invalid", ["mode"])


def test_in_a_group_nobody_is_of_a_kind_outside_the_mode() -> None:
    context = replace(CONTEXT, brokerage_event=event_state(modes=("r2b",)))
    kinds: dict[str, Kind] = {"anna": "sme", "bruno": "research-organisation", "carla": "innovative-startup"}
    check_request(requested(mode="r2b"), replace(context, kinds=kinds))
    kinds["carla"] = "financial-operator"
    assert refusal(lambda: check_request(requested(mode="r2b"), replace(context, kinds=kinds))) == ("invalid", ["mode"])


def test_who_wants_no_meeting_is_named_as_it_was_asked() -> None:
    unwilling = replace(CONTEXT, unwilling=frozenset({"carla"}))
    check_request(REQUEST, unwilling)
    assert refusal(lambda: check_request(REQUEST, replace(unwilling, by_manager=True))) == ("no-thanks", ["others.0"])


@pytest.mark.parametrize(
    "introduction",
    [None, replace(MADE, introduced=False), replace(MADE, mode="r2b"), replace(MADE, members=("anna", "carla"))],
)
def test_a_request_is_checked_against_the_introduction_it_names(introduction: Introduction | None) -> None:
    named, context = requested(introduction_id="x"), replace(CONTEXT, introduction=introduction)
    assert refusal(lambda: check_request(named, context))[1] == ["introduction_id"]
    check_request(REQUEST, context)


def test_a_deadline_counts_from_its_moment_on() -> None:
    deadline = replace(CONTEXT, brokerage_event=event_state(requests_until=MORNING))
    check_in_time(replace(deadline, now=MORNING - timedelta(seconds=1)))
    assert refusal(lambda: check_in_time(replace(deadline, now=MORNING))) == ("requests-over", [])
    last = replace(CONTEXT, brokerage_event=event_state(), now=event_state().slots[-1].ends)
    check_in_time(replace(last, now=last.now and last.now - timedelta(seconds=1)))
    assert refusal(lambda: check_in_time(last)) == ("event-over", []), "without a deadline"


def test_who_is_not_registered_is_named_by_its_own_field_or_as_who_speaks() -> None:
    assert refusal(lambda: check_registered(["anna", "dora"], CONTEXT, ["by", "towards"])) == ("not-registered", ["towards"])
    assert refusal(lambda: check_registered(["dora"], CONTEXT)) == ("not-registered", ["by"])


def test_only_an_accepted_meeting_of_the_side_that_speaks_goes_on() -> None:
    accepted = after(requested(others=()), MeetingAccepted(event_id="e", by="bruno", towards="anna"))
    assert accepted_meeting(accepted, "anna") == accepted_meeting(accepted, None) == accepted
    for state, by, code in ((None, "anna", "meeting-unknown"), (accepted, "carla", "not-a-side")):
        assert refusal(lambda state=state, by=by: accepted_meeting(state, by))[0] == code
    assert refusal(lambda: accepted_meeting(after(REQUEST), "anna"))[0] == "meeting-not-accepted"


def test_without_a_place_the_table_is_named_where_it_was_asked_for() -> None:
    place = Place(1, ("anna", "bruno"))
    assert free_place(place, 1) == place
    assert refusal(lambda: free_place(None)) == ("no-table-free", ["slot"])
    assert refusal(lambda: free_place(None, 2)) == ("table-not-theirs", ["table"])


def test_a_request_in_return_asks_for_the_place_the_meeting_has() -> None:
    request = after(requested(slot=2, table=1))
    booked = request.evolve(AppointmentMade(event_id="e", slot=3, table=2, people=("anna", "bruno"), anyway=()))
    for meeting, slot, table in ((request, 2, 1), (booked, 3, 2)):
        for same in (requested(), requested(slot=slot), requested(slot=slot, table=table)):
            check_same_place(meeting, same)
        for elsewhere in (requested(slot=1), requested(slot=slot, table=table + 1)):
            place = refusal(lambda meeting=meeting, elsewhere=elsewhere: check_same_place(meeting, elsewhere))
            assert place == ("asked-otherwise", ["slot"])


def test_nobody_accepts_a_place_it_has_not_seen() -> None:
    seen = after(requested(slot=2, table=1))
    for unseen in (None, seen):
        check_unchanged(seen, unseen)
    for moved in ({"slot": 3, "table": 1}, {"slot": 2, "table": 2}, {"slot": 2, "table": None}):
        assert refusal(lambda moved=moved: check_unchanged(replace(seen, **moved), seen))[0] == "asked-otherwise"
