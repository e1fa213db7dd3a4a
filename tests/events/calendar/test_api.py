"""Calendar feeds over HTTP through the versions of an agenda; who gets an address, and that it can be taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.brokerage.state import Slot
from services.events.calendar.history import CALENDARS, CalendarHistory, entry_of, fold_calendar, with_withdrawals
from services.events.calendar.ics import Entry
from services.events.calendar.subscriptions import ACTS, ADDRESSES
from services.events.main import SERVICE
from services.events.meeting import state as meeting_state
from services.events.registration import state as registration_state
from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received, Record
from shared.chassis.runtime.runtime import Runtime
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
from tests.events.calendar.rfc5545 import Calendar
from tests.events.factories import CAUSE, agree, event_state, feed_members, meeting_id, stored
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
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


def test_who_came_for_whom_is_told_also_after_a_request_from_the_other_side() -> None:
    state: Any = None
    for event in (REQUEST, AGREED, MADE, OFF, BACK):
        state = meeting_state.evolve(state, event)
    entry = entry_of(stored("m", state, START), None)
    assert (entry.members, entry.people, entry.placed) == (("b", "a"), ("b", "a:r1"), False)


async def publish(runtime: Runtime, agenda: AgendaPublished) -> None:
    """Publish a version by the rules, and wait until calendars know it."""
    written = await runtime.write.execute(AGENDA, "fair", lambda state: agendas.publish(state, agenda, event_state()), CAUSE)

    async def calendar_row() -> Any:
        return await runtime.mongo[CALENDARS.collection].find_one({"_id": "fair", "version": written.version})

    await eventually(calendar_row)


def summaries(calendar: Calendar) -> list[tuple[str, str, str]]:
    return [tuple(event[name][2] for name in ("SUMMARY", "STATUS", "SEQUENCE")) for event in calendar.events]  # type: ignore[misc]


async def test_a_calendar_follows_the_versions_of_the_agenda(settings: Settings, issuer: Issuer) -> None:
    behind_a_gateway = settings.model_copy(update={"root_path": "/events"})
    async with serving(SERVICE, behind_a_gateway) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora"])
        await agree(runtime, "fair", [("anna", "bruno"), ("anna", "carla"), ("anna", "dora")])
        anna = bearer(issuer, "member", "anna")
        address = f"{EVENT}/agenda/anna/calendar-address"
        opened = await http.post(address, headers=anna)
        assert (opened.status_code, opened.headers["cache-control"]) == (201, "no-store")
        assert opened.json()["path"].startswith("/events/v1/calendars/")
        path = opened.json()["path"].removeprefix("/events")

        async def read(**headers: str) -> httpx2.Response:
            answer = await http.get(path, headers=headers)
            assert answer.status_code in (200, 304), answer.text
            return answer

        # Before the first version the calendar is empty, and one can subscribe to it already.
        empty = await read()
        assert empty.headers["content-type"] == "text/calendar; charset=utf-8"
        assert Calendar(empty.content).events == []

        with_bruno, with_carla, with_dora = ("ab", ("anna", "bruno")), ("ac", ("anna", "carla")), ("ad", ("anna", "dora"))
        await publish(runtime, version(1, (*with_bruno, 1, 1), (*with_carla, 2, 1), (*with_dora, 3, 1)))
        first = await read()
        assert summaries(Calendar(first.content)) == [
            ("Firm bruno", "CONFIRMED", "1"),
            ("Firm carla", "CONFIRMED", "1"),
            ("Firm dora", "CONFIRMED", "1"),
        ]
        assert (await read(**{"If-None-Match": first.headers["etag"]})).status_code == 304

        # Carla moves, Dora falls out: only these two change.
        await publish(runtime, version(2, (*with_bruno, 1, 1), (*with_carla, 3, 2), unplaced=[with_dora]))
        second = await read(**{"If-None-Match": first.headers["etag"], "Accept-Language": "it"})
        assert second.status_code == 200
        assert sorted(summaries(Calendar(second.content))) == [
            ("Annullato: Firm dora", "CANCELLED", "2"),
            ("Firm bruno", "CONFIRMED", "1"),
            ("Firm carla", "CONFIRMED", "2"),
        ]
        english = await http.get(path, params={"lang": "en"}, headers={"Accept-Language": "it"})
        assert "Cancelled: Firm dora" in english.text

        # Back in the agenda, and in the calendar.
        await publish(runtime, version(3, (*with_bruno, 1, 1), (*with_carla, 3, 2), (*with_dora, 2, 1)))
        assert sorted(summaries(Calendar((await read()).content)))[2] == ("Firm dora", "CONFIRMED", "3")


async def test_a_meeting_that_is_called_off_or_whose_side_withdraws_comes_back(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno"])
        await agree(runtime, "fair", [("anna", "bruno")])
        id = meeting_id("fair", "anna", "bruno")
        await publish(runtime, version(1, (id, ("anna", "bruno"), 1, 1)))
        manager = bearer(issuer, "manager", districts=["marble"])
        path = (await http.post(f"{EVENT}/agenda/anna/calendar-address", headers=manager)).json()["path"]

        stamps: list[str] = []

        async def calendar_events() -> list[tuple[str, str, str]]:
            calendar = Calendar((await http.get(path)).content)
            stamps.extend(event["DTSTAMP"][2] for event in calendar.events)
            return summaries(calendar)

        async def do(path: str, **body: str) -> None:
            answer = await http.post(path, json=body, headers=manager)
            assert answer.is_success, answer.text

        assert await calendar_events() == [("Firm bruno", "CONFIRMED", "1")]
        await do(f"/v1/meetings/{id}/cancel", by="anna", reason="ill")
        assert await calendar_events() == [("Cancelled: Firm bruno", "CANCELLED", "2")]
        await do(f"{EVENT}/meetings", by="anna", towards="bruno", mode="b2b")
        assert await calendar_events() == [("Cancelled: Firm bruno", "CANCELLED", "2")]
        await do(f"/v1/meetings/{id}/accept", by="bruno")
        assert await calendar_events() == [("Firm bruno", "CONFIRMED", "3")]

        # A side withdraws and comes back, twice: each time calendars have it anew.
        for sequence in ("5", "7"):
            assert (await http.delete(f"{EVENT}/registrations/bruno", headers=manager)).is_success
            assert await calendar_events() == [("Cancelled: Firm bruno", "CANCELLED", str(int(sequence) - 1))]
            await do(f"{EVENT}/registrations", member_id="bruno")
            assert await calendar_events() == [("Firm bruno", "CONFIRMED", sequence)]
        assert stamps == sorted(stamps)


async def test_an_address_is_the_members_own_and_can_be_taken_back(
    settings: Settings, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno"])
        await agree(runtime, "fair", [("anna", "bruno")])
        anna, bruno = bearer(issuer, "member", "anna"), bearer(issuer, "member", "bruno")
        manager, outsider = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "manager", districts=["fashion"])
        address = f"{EVENT}/agenda/anna/calendar-address"
        for headers, status in (({}, 401), (bruno, 403), (outsider, 403)):
            for method in ("GET", "POST", "DELETE"):
                assert (await http.request(method, address, headers=headers)).status_code == status
        assert (await http.get(address, headers=anna)).json()["type"] == "urn:distretti:problem:address-unknown"
        unregistered = await http.post(f"{EVENT}/agenda/zeno/calendar-address", headers=manager)
        assert unregistered.json()["type"] == "urn:distretti:problem:not-registered"

        first_path = (await http.post(address, headers=anna)).json()["path"]
        assert (await http.get(first_path)).status_code == 200
        second_path = (await http.post(address, headers=manager)).json()["path"]
        assert (await http.get(first_path)).status_code == 404
        assert (await http.get(second_path)).status_code == 200
        assert (await http.get(second_path.replace(".ics", "x.ics"))).status_code == 404
        for _ in range(2):
            assert (await http.delete(address, headers=anna)).json()["revoked"]
        revoked = await http.get(second_path)
        assert (revoked.status_code, revoked.json()["type"]) == (404, "urn:distretti:problem:calendar-unknown")
        third_path = (await http.post(address, headers=anna)).json()["path"]
        assert (await http.get(third_path)).status_code == 200

        # Who did what is kept; the address is not, nor is it in a log or a metric.
        acts = (await http.get(address, headers=manager)).json()["acts"]
        assert [(act["act"], act["by"]) for act in acts] == [
            ("opened", "member:anna"),
            ("opened", "manager:test"),
            ("revoked", "member:anna"),
            ("opened", "member:anna"),
        ]
        records = str([await runtime.mongo[name].find({}).to_list(None) for name in (ADDRESSES, ACTS)])
        seen = records + (await http.get("/metrics")).text + "".join(capsys.readouterr())
        for path in (first_path, second_path, third_path):
            secret = path.rpartition("/")[2].removesuffix(".ics")
            assert len(secret) == 43
            assert secret not in seen
