"""The rules alone: what they emit folds to the state, and no order of commands makes them fail but by refusing."""

import json
from collections.abc import Callable, Sequence
from dataclasses import is_dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import bson
import pytest
from bson.codec_options import CodecOptions
from hypothesis import given
from hypothesis import strategies as st

from services.events.agenda import state as agenda_state
from services.events.agenda.rules import publication as agendas
from services.events.agenda.rules.place_claims import claim_taken
from services.events.brokerage import state as brokerage_state
from services.events.brokerage.rules import lifecycle as brokerage
from services.events.computation.publisher import MOST_BYTES
from services.events.meeting import state as meeting_state
from services.events.meeting.rules import requests as meetings
from services.events.meeting.rules.context import MeetingContext
from services.events.registration import state as registration_state
from services.events.registration.rules import participation as registrations
from services.events.registration.schemas import RegistrationRequest
from services.events.rows import Introduction
from services.events.texts import TEXTS
from shared.chassis.documents import parse, to_document
from shared.chassis.errors import Invalid, Refusal
from shared.chassis.ids import computed_id
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AgendaPublished,
    BrokerageEventClosed,
    CheckInUndone,
    MeetingAccepted,
    MeetingDeclined,
    MeetingRequested,
    ParticipantCheckedIn,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    Placement,
    Quota,
    RegistrationClosed,
    RegistrationOpened,
    Table,
)
from tests.events.factories import APPROVED, LONG_BEFORE, MORNING, announced, drafted, event_state, slots, two_days

Rule = Callable[[Any], Sequence[DomainEvent]]
MEMBERS = ("anna", "bruno", "carla")
NEXT_MORNING = MORNING + timedelta(days=1)
statuses: st.SearchStrategy[brokerage_state.Status] = st.sampled_from(
    ["announced", "registration-open", "registration-open", "registration-closed", "running", "closed"]
)


def as_stored(state: Any) -> Any:
    """A state as the store gives it back."""
    if is_dataclass(state) and not isinstance(state, type):
        stored = bson.decode(bson.encode({"state": to_document(state)}), codec_options=CodecOptions(tz_aware=True))
        return parse(type(state), stored["state"])
    return json.loads(json.dumps(state, default=str)) if state is not None else None


def run(evolve: Callable[[Any, DomainEvent], Any], rules: Sequence[Rule]) -> tuple[Any, list[DomainEvent]]:
    """Give commands one after the other; refusals change nothing. Return the state and everything emitted."""
    state: Any = None
    emitted: list[DomainEvent] = []
    for rule in rules:
        try:
            events = rule(as_stored(state))
        except Refusal:
            continue
        for event in events:
            state = evolve(state, event)
        emitted += events
    return state, emitted


def folded(evolve: Callable[[Any, DomainEvent], Any], events: Sequence[DomainEvent]) -> Any:
    """Fold events as they are read from their topic."""
    state = None
    for event in events:
        state = evolve(state, type(event).model_validate_json(event.model_dump_json()))
    return state


def same(first: Any, second: Any) -> bool:
    return bool(as_stored(first) == as_stored(second))


brokerage_commands = st.sampled_from(
    [
        lambda state: brokerage.announce(state, announced(), LONG_BEFORE),
        lambda state: brokerage.announce(state, announced(tables=9), LONG_BEFORE),
        lambda state: brokerage.draft(state, drafted()),
        lambda state: brokerage.draft(state, drafted(tables=9)),
        lambda state: brokerage.edit_draft(state, drafted(tables=8)),
        lambda state: brokerage.announce_draft(state, LONG_BEFORE),
        brokerage.open_registration,
        brokerage.close_registration,
        brokerage.start,
        lambda state: brokerage.close(state, BrokerageEventClosed(agenda=1)),
    ]
)


@given(st.lists(brokerage_commands, max_size=12))
def test_an_event_is_what_its_domain_events_tell(commands: list[Rule]) -> None:
    state, emitted = run(brokerage_state.evolve, commands)
    assert same(state, folded(brokerage_state.evolve, emitted))
    kinds = [event.TYPE for event in emitted]
    announcements = [number for number, kind in enumerate(kinds) if kind == "events.brokerage-event-announced.v1"]
    assert len(announcements) <= 1
    if announcements:
        assert "events.brokerage-event-drafted.v1" not in kinds[announcements[0] :], "what is announced is no draft"
    assert not {*kinds} - {"events.brokerage-event-drafted.v1"} or announcements, "nothing happens to a draft but its announcement"
    if "events.brokerage-event-started.v1" in kinds:
        after = kinds[kinds.index("events.brokerage-event-started.v1") + 1 :]
        assert after in ([], ["events.brokerage-event-closed.v1"]), "once it runs, it can only end"
    if state is not None and state.status == "closed":
        assert emitted[-1].TYPE == "events.brokerage-event-closed.v1"


def test_a_draft_is_made_once_and_edited_as_what_it_is() -> None:
    state = as_stored(brokerage_state.evolve(None, drafted()))
    assert brokerage.draft(state, drafted()) == []
    with pytest.raises(Refusal) as refused:
        brokerage.draft(state, drafted(districts=("wood",)))
    assert refused.value.code == "event-exists", "another district would take it over"
    assert brokerage.edit_draft(state, drafted(tables=9)) == [drafted(tables=9)]
    with pytest.raises(Refusal):
        brokerage.edit_draft(None, drafted())


def test_what_was_so_before_is_told_as_said_again() -> None:
    closed = as_stored(brokerage_state.evolve(brokerage_state.evolve(None, announced()), RegistrationClosed()))
    assert brokerage.open_registration(closed) == [RegistrationOpened(again=True)]
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


@st.composite
def meeting_commands(draw: st.DrawFn) -> Rule:
    registered = draw(st.sampled_from([frozenset(MEMBERS), frozenset(MEMBERS), frozenset({"anna"})]))
    facts = MeetingContext(event_state(draw(statuses)), registered)
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


def test_who_finds_no_place_is_told_what_is_taken_and_what_to_do() -> None:
    person, table = (claim_taken(claim) for claim in ("fair:2:person:anna:r1", "fair:2:table:4"))
    assert (
        person.code,
        person.errors[0].field,
        "anna:r1 already has a meeting in slot 2" in TEXTS.write(person.message, "en"),
    ) == (
        "person-booked",
        "slot",
        True,
    )
    assert (table.code, table.errors[0].field, "il tavolo 4 è occupato" in TEXTS.write(table.message, "it")) == (
        "table-taken",
        "table",
        True,
    )


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


def test_an_agenda_of_the_largest_events_is_an_event() -> None:
    ids = [computed_id("member", str(number)) for number in range(5000)]
    pairs = zip(ids, ids[::-1], strict=True)
    placed = [Placement(meeting_id=member, members=(member, partner), slot=36, table=140) for member, partner in pairs]
    whole = agenda(placed, "0" * 32)
    written = whole.model_dump_json()
    assert len(written.encode()) < MOST_BYTES
    assert AgendaPublished.model_validate_json(written) == whole
    group = Placement(meeting_id="m", members=("anna", "bruno"), others=("carla",), people=("anna:r1",), slot=1, table=1)
    assert Placement.model_validate_json(group.model_dump_json()) == group


def test_double_bookings_are_refused() -> None:
    first = Placement(meeting_id="m", members=("anna", "bruno"), slot=1, table=1)
    for booking in (("carla", "dora"), 1, 1), (("anna", "dora"), 1, 2):
        members, slot, table = booking
        second = Placement(meeting_id="n", members=members, slot=slot, table=table)
        with pytest.raises(Refusal, match="double-booking"):
            agendas.publish(None, agenda([first, second]), event_state())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slots": slots(3)[1:]}, "slots.0.number"),
        ({"slots": (slots(1)[0].model_copy(update={"ends": slots(1)[0].starts}),)}, "slots.0.ends"),
        ({"slots": (slots(2)[0], slots(2)[1].model_copy(update={"starts": slots(1)[0].starts}))}, "slots.1.starts"),
        ({"slots": (slots(1)[0].model_copy(update={"ends": MORNING.replace(year=9999)}),)}, "slots.0.ends"),
        ({"slots": (slots(1)[0].model_copy(update={"starts": MORNING.replace(year=1)}),)}, "slots.0.starts"),
        ({"requests_until": slots(4)[3].ends}, "requests_until"),
        ({"requests_until": MORNING.replace(year=1)}, "requests_until"),
        ({"modes": ("b2b", "b2b")}, "modes.1"),
        ({"special_tables": (Table(number=3),)}, "special_tables.0.number"),
        ({"special_tables": (Table(number=1), Table(number=1))}, "special_tables.1.number"),
        ({"special_tables": (Table(number=1, kind="fixed"),)}, "special_tables.0.member_id"),
        ({"special_tables": (Table(number=1, member_id="anna"),)}, "special_tables.0.member_id"),
        ({"special_tables": (Table(number=2, kind="virtual"),)}, "special_tables.0.kind"),
        ({"format": "hybrid"}, "special_tables"),
        ({"format": "hybrid", "special_tables": tuple(Table(number=n, kind="virtual") for n in (1, 2))}, "special_tables"),
        ({"quotas": (Quota(kind="sme", most=1), Quota(kind="sme", most=2))}, "quotas.1.kind"),
    ],
)
def test_a_wrong_announcement_names_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        brokerage.announce(None, announced(**change), LONG_BEFORE)
    assert [error.field for error in refused.value.errors] == [field]


def test_tables_fit_the_format() -> None:
    room, rooms = (Table(number=2, kind="virtual"),), (Table(number=1, kind="virtual"), Table(number=2, kind="virtual"))
    stand = Table(number=1, kind="fixed", member_id="anna")
    right: list[tuple[Any, Any]] = [("on-site", ()), ("hybrid", room), ("hybrid", (stand, *room))]
    for kind, special in [*right, *(("virtual", tables) for tables in ((), room, rooms))]:
        assert brokerage.announce(None, announced(format=kind, special_tables=special), LONG_BEFORE)


def test_who_does_not_say_how_it_attends_does_as_the_event_is() -> None:
    def attends(kind: str, **details: Any) -> str:
        return RegistrationRequest(member_id="anna", **details).participation("fair", event_state(format=kind)).attends

    assert [attends(kind) for kind in ("on-site", "hybrid", "virtual")] == ["on-site", "on-site", "virtual"]
    assert (attends("hybrid", attends="virtual"), attends("virtual", attends="on-site")) == ("virtual", "on-site")


@pytest.mark.parametrize(
    ("now", "until", "field"),
    [
        (slots(3)[2].starts, None, "slots"),
        (slots(3)[2].starts, slots(3)[2].ends, "slots"),
        (MORNING, MORNING, "requests_until"),
        (slots(3)[1].starts, None, None),
        (MORNING, slots(1)[0].ends, None),
    ],
)
def test_only_what_is_to_come_is_announced(now: datetime, until: datetime | None, field: str | None) -> None:
    of_draft = as_stored(brokerage_state.evolve(None, drafted(requests_until=until)))
    at_once: Rule = lambda state: brokerage.announce(state, announced(requests_until=until), now)  # noqa: E731
    for state, rule in ((None, at_once), (of_draft, lambda state: brokerage.announce_draft(state, now))):
        if field is None:
            assert rule(state) == [announced(requests_until=until)]
            continue
        with pytest.raises(Refusal) as refused:
            rule(state)
        assert [error.field for error in refused.value.errors] == [field]
    announced_event = as_stored(brokerage_state.evolve(None, announced(requests_until=until)))
    assert at_once(announced_event) == [], "the same one again changes nothing, whenever it is said"
    assert brokerage.draft(None, drafted(requests_until=until)), "a draft may say anything"


def test_a_request_is_checked_against_the_introduction_it_names() -> None:
    request = MeetingRequested(event_id="e", mode="b2b", by="anna", towards="bruno", introduction_id="x")
    made = Introduction(("anna", "bruno"), "b2b", introduced=True)

    def emitted(introduction: Introduction | None) -> Sequence[DomainEvent]:
        return meetings.request(None, request, MeetingContext(event_state(), frozenset(MEMBERS), introduction))

    assert emitted(made) == [request]
    for wrong in (None, replace(made, introduced=False), replace(made, mode="r2b"), replace(made, members=("anna", "carla"))):
        with pytest.raises(Refusal) as refused:
            emitted(wrong)
        assert [error.field for error in refused.value.errors] == ["introduction_id"]
