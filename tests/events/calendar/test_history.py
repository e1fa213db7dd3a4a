"""What calendars show of a meeting through the versions of its agenda: what is newer comes later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from services.events.brokerage.state import Slot
from services.events.calendar.history import CalendarHistory, as_corrected, entry_of, fold_calendar, with_withdrawals
from services.events.calendar.ics import Entry
from services.events.meeting import state as meeting_state
from services.events.registration import state as registration_state
from shared.chassis.inbox.message import Received, Record
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.envelope import Envelope
from shared.contracts.events import (
    AgendaPublished,
    AppointmentDropped,
    AppointmentMade,
    MeetingAccepted,
    MeetingCancelled,
    MeetingRequested,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    Placement,
    Unplaced,
)
from tests.events.factories import (
    MORNING,
    event_state,
    stored,
    stored_event,
)

START = datetime(2027, 1, 1, tzinfo=UTC)


Placed = tuple[str, tuple[str, str], int, int]


def version(number: int, *placed: Placed, unplaced: Sequence[tuple[str, tuple[str, str]]] = ()) -> AgendaPublished:
    reason = LocalizedText(it="Dora si è ritirata.", en="Dora has withdrawn.")
    return AgendaPublished(
        event_id="fair",
        placements=tuple(Placement(meeting_id=id, members=members, slot=slot, table=table) for id, members, slot, table in placed),
        unplaced=tuple(Unplaced(meeting_id=id, members=members, reason=reason) for id, members in unplaced),
        status="optimal",
        breaks=0,
        bound=0,
        input=f"input {number}",
    )


def received(sequence: int, time: datetime | None = None) -> Received:
    envelope = Envelope(
        id=str(sequence),
        type="it.toscana.distretti.events.agenda-published.v1",
        source="/distretti/events",
        subject="fair",
        time=time or START + timedelta(days=sequence),
        sequence=sequence,
        correlation="c",
        data=b"{}",
    )
    return Received(Record("events.agendas", 0, sequence, b"fair", (), b"{}"), envelope)


PLACES = st.dictionaries(st.sampled_from("mnopq"), st.tuples(st.integers(1, 2), st.integers(1, 2)), max_size=5)


@given(st.lists(PLACES, min_size=1, max_size=6))
def test_each_meeting_keeps_the_version_that_last_changed_it(history: list[dict[str, tuple[int, int]]]) -> None:
    history_row: CalendarHistory | None = None
    for number, places in enumerate(history, 1):
        placed = (Placed((id, ("a", "b"), *place)) for id, place in places.items())
        history_row = fold_calendar("fair", history_row, received(number), version(number, *placed))
    assert history_row is not None
    entries = {entry.meeting_id: entry for entry in history_row.entries}
    assert entries.keys() == {id for places in history for id in places}
    for id, entry in entries.items():
        past = [places.get(id) for places in history]
        changes = [number for number, (before, now) in enumerate(zip([None, *past], past, strict=False), 1) if before != now]
        assert entry.version == changes[-1]
        assert entry.changed == START + timedelta(days=changes[-1])
        assert entry.placed == (past[-1] is not None)
        assert (entry.slot, entry.table) == [place for place in past if place][-1]


REQUEST = MeetingRequested(event_id="fair", mode="b2b", by="a", towards="b")


AGREED = MeetingAccepted(event_id="fair", by="b", towards="a")


OFF = MeetingCancelled(event_id="fair", by="b", reason="ill")


DROPPED = AppointmentDropped(event_id="fair", slot=1, table=1, reason=LocalizedText(it="chiuso", en="closed"))


BACK = MeetingRequested(event_id="fair", mode="b2b", by="b", towards="a")


MADE = AppointmentMade(event_id="fair", slot=1, table=1, people=("a:r1", "b"))


REGISTERED = {member: ParticipantRegistered(event_id="fair", member_id=member) for member in "ab"}


WITHDREW = {member: ParticipantWithdrew(event_id="fair", member_id=member) for member in "ab"}


HOUR = timedelta(hours=1)


class Fair:
    """An agreed meeting and its two sides at an event that goes on: one thing an hour, a slot after the fifth and the tenth."""

    def __init__(self) -> None:
        self.entry: Entry | None = None
        agreed = meeting_state.evolve(meeting_state.evolve(None, REQUEST), AGREED)
        self.meeting = stored("m", agreed, START)
        first = {member: registration_state.evolve(None, event) for member, event in REGISTERED.items()}
        self.sides = {member: stored(member, state, START) for member, state in first.items()}
        starts = [START + (5 * number + 0.5) * HOUR for number in (1, 2)]
        slots = tuple(Slot(number, 1, moment, moment + HOUR / 2) for number, moment in enumerate(starts, 1))
        self.event = stored("fair", replace(event_state("running"), slots=slots), START)
        self.now = START

    def act(self, number: int, draw: Any) -> None:
        """Have something happen."""
        self.now = START + number * HOUR
        {"agenda": self.publish, "meeting": self.agree, "side": self.come_and_go, "end": self.close}[
            draw(st.sampled_from(["agenda", "agenda", "meeting", "side", "side", "side", "end"]))
        ](number, draw)

    def publish(self, number: int, draw: Any) -> None:
        """Publish a version, with the meeting where it is agreed, or without it."""
        state = self.meeting.state
        on = state.status == "accepted" and not state.appointment
        place = draw(st.none() | st.tuples(st.integers(1, 2), st.integers(1, 2))) if on else None
        placed = [("m", ("a", "b"), *place)] if place else []
        before = CalendarHistory(0, (self.entry,) if self.entry else ())
        history = fold_calendar("fair", before, received(number, self.now), version(number, *placed))
        self.entry = next(iter(history.entries), None) if history else None

    def agree(self, number: int, draw: Any) -> None:
        """Ask, accept, give the meeting a place of its own, or call it off."""
        state = self.meeting.state
        if state.status != "accepted":
            event: DomainEvent = AGREED if state.status == "requested" else draw(st.sampled_from([REQUEST, BACK]))
        else:
            on = state.appointment or (self.entry and self.entry.placed)
            made = MADE.model_copy(update={"slot": draw(st.integers(1, 2))})
            ends: list[DomainEvent] = [OFF, DROPPED] if state.appointment else [OFF]
            event = draw(st.sampled_from(ends if on else [OFF, made]))
        self.meeting = stored("m", meeting_state.evolve(state, event), self.now)

    def come_and_go(self, number: int, draw: Any) -> None:
        """Have a side withdraw, come back, wait for a place, or say something else about itself."""
        member = draw(st.sampled_from("ab"))
        state = self.sides[member].state
        waits = ParticipantPutOnStandby(event_id="fair", member_id=member, since=state.since or self.now)
        may = {"registered": [REGISTERED, WITHDREW], "withdrawn": [REGISTERED, None], "standby": [REGISTERED, WITHDREW, None]}
        event = draw(st.sampled_from(may[state.status]))
        after = registration_state.evolve(state, event[member] if event else waits)
        self.sides[member] = stored(member, after, self.now)

    def close(self, number: int, draw: Any) -> None:
        """Close the event: nothing happens any more."""
        self.event = replace(self.event, state=replace(self.event.state, status="closed"), changed=self.now)

    def visible_entry(self) -> Entry | None:
        """Show what a calendar has of the meeting."""
        if self.entry is None and self.meeting.state.last_appointment is None:
            return None
        entry = entry_of(self.meeting, self.entry)
        [visible] = with_withdrawals([entry], self.sides.values(), self.event)
        return visible

    def takes_place(self, slot: int) -> bool:
        """Tell whether the meeting is agreed and, before its slot, nobody withdrew and nothing was closed."""
        starts = self.event.state.slots[slot - 1].starts
        withdrawals = [side.changed for side in self.sides.values() if side.state.status == "withdrawn"]
        closed = self.event.state.status == "closed" and self.event.changed < starts
        return self.meeting.state.status == "accepted" and not closed and all(since > starts for since in withdrawals)


@settings_of(max_examples=400)
@given(st.data())
def test_whatever_becomes_of_a_meeting_and_its_sides_what_is_newer_comes_later(data: st.DataObject) -> None:
    fair, before = Fair(), None
    for number in range(1, data.draw(st.integers(1, 15)) + 1):
        fair.act(number, data.draw)
        if (now := fair.visible_entry()) is None:
            continue
        assert not now.placed or fair.takes_place(now.slot), "what is off is not shown as on"
        if before is not None:
            assert (now.version >= before.version, now.changed >= before.changed) == (True, True)
            same = (now.placed, now.slot, now.table) == (before.placed, before.slot, before.table)
            if not same and (now.placed or before.placed):
                assert (now.version > before.version, now.changed > before.changed) == (True, True)
        before = now
        if fair.event.state.status == "closed":
            break


def test_representatives_stay_with_their_members_after_a_request_from_the_other_side() -> None:
    state: Any = None
    for event in (REQUEST, AGREED, MADE, OFF, BACK):
        state = meeting_state.evolve(state, event)
    entry = entry_of(stored("m", state, START), None)
    assert (entry.members, entry.people, entry.placed) == (("b", "a"), ("b", "a:r1"), False)


def test_in_calendars_what_is_corrected_comes_later() -> None:
    entries = [Entry("m", ("anna", "bruno"), 1, 1, version, MORNING, placed=True) for version in (3, 7)]
    event = replace(stored_event(event_state()), changed=MORNING + timedelta(days=1))
    assert as_corrected(event, entries) == entries
    corrected = as_corrected(replace(event, state=replace(event.state, corrections=2)), entries)
    assert [(entry.version, entry.changed) for entry in corrected] == [
        (5, MORNING + timedelta(days=1)),
        (9, MORNING + timedelta(days=1)),
    ]
