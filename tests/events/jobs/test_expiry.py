"""What ends by itself: requests nobody answered, appointments of who withdrew, registrations of former members."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import pytest

from services.events.jobs import expiry
from services.events.jobs.expiry import cancel_appointments_of_withdrawn, expire_requests, withdraw_former_members
from services.events.jobs.periodic_jobs import JobContext
from services.events.meeting.aggregate import MEETING
from services.events.meeting.state import Meeting
from services.events.registration.aggregate import REGISTRATION
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Aggregate, Decide, Stored
from shared.chassis.writes.queries import find_aggregate
from shared.contracts.base import DomainEvent
from shared.contracts.events import MeetingCancelled, MeetingExpired, ParticipantWithdrew, RequestsExpired, Slot
from tests.events.computation.factories import agreed, appointed, registered
from tests.events.factories import MORNING, event_state
from tests.events.stored import put, put_event, put_meetings, put_member, put_registrations

LATER = MORNING + timedelta(minutes=30)
"""When the second slot runs."""


@dataclass(frozen=True)
class Recorder(JobContext):
    """Executes commands on the database alone, and records what they emit."""

    events: list[DomainEvent] = field(default_factory=list)

    async def execute(self, aggregate: Aggregate[Any], id: str, rule: Decide[Any], brokerage_event: Any) -> Any:
        stored = await find_aggregate(self.mongo, aggregate, id)
        state = stored.state if stored else None
        for event in rule(state):
            state = aggregate.evolve(state, event)
            self.events.append(event)
        if state is not None:
            await put(self.mongo, aggregate, id, state)


@pytest.fixture
def context(mongo: Mongo) -> Recorder:
    return Recorder(mongo, cast(Any, None), lambda: LATER, cast(Any, None))


def request(id: str, *members: str) -> Stored[Meeting]:
    """A meeting that nobody has accepted yet."""
    meeting = agreed(id, members)
    return replace(meeting, state=replace(meeting.state, status="requested"))


async def test_each_who_asked_is_told_once_of_all_its_requests_page_by_page(
    mongo: Mongo, context: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "PAGE", 1)
    await put_registrations(mongo, *(registered(member) for member in ("anna", "bruno")))
    joined = request("abc", "anna", "bruno", "carla")
    joined = replace(joined, state=replace(joined.state, accepted=("carla",)))
    await put_meetings(
        mongo, request("ac", "anna", "carla"), joined, request("ba", "bruno", "anna"), agreed("ad", ("anna", "dora"))
    )
    early = await put_event(mongo, event_state(requests_until=LATER + timedelta(seconds=1)))
    await expire_requests(context, early)
    assert context.events == []

    # Without a deadline the last slot is one.
    over = await put_event(mongo, event_state(slots=(Slot(number=1, starts=MORNING, ends=LATER),)))
    for _ in range(3):
        await expire_requests(context, over)
    notified = {event.member_id: event.unanswered for event in context.events if isinstance(event, RequestsExpired)}
    assert {member: {entry.meeting_id: entry.asked for entry in entries} for member, entries in notified.items()} == {
        "anna": {"abc": ("bruno",), "ac": ("carla",)},
        "bruno": {"ba": ("anna",)},
    }
    kinds = [type(event) for event in context.events]
    assert (kinds.count(RequestsExpired), kinds.count(MeetingExpired)) == (2, 3), "nobody twice, in whatever rounds"
    assert await mongo[MEETING.collection].distinct("_id", {"state.status": "accepted"}) == ["ad"]


async def test_an_appointment_to_come_is_cancelled_where_a_side_withdrew(mongo: Mongo, context: Recorder) -> None:
    event = await put_event(mongo, event_state("running"))
    await put_registrations(mongo, registered("anna"), registered("bruno", status="withdrawn"), registered("carla"))
    places = {"begun": ("anna", "bruno", 2), "coming": ("bruno", "anna", 3), "whole": ("anna", "carla", 3)}
    booked = {id: (members, appointed(slot, 1, members)) for id, (*members, slot) in places.items()}
    await put_meetings(mongo, *(agreed(id, members, appointment=place) for id, (members, place) in booked.items()))
    await cancel_appointments_of_withdrawn(context, event)
    [cancelled] = context.events
    assert isinstance(cancelled, MeetingCancelled)
    assert (cancelled.reason, cancelled.withdrawn) == (expiry.WITHDREW, ("bruno",))
    assert await mongo[MEETING.collection].distinct("_id", {"state.status": "cancelled"}) == ["coming"]
    await cancel_appointments_of_withdrawn(context, event)
    assert len(context.events) == 1


async def test_who_left_the_registry_leaves_every_open_event_and_no_other(mongo: Mongo, context: Recorder) -> None:
    event = await put_event(mongo, event_state())
    await put_registrations(mongo, *(registered(member) for member in ("anna", "bruno")), registered("carla", status="standby"))
    elsewhere = registered("anna")
    await put_registrations(mongo, replace(elsewhere, state=replace(elsewhere.state, event_id="over")))
    for member, status in (("anna", "withdrawn"), ("bruno", "approved"), ("carla", "withdrawn")):
        await put_member(mongo, member, cast(Any, status))
    await withdraw_former_members(context, [event])
    assert {(type(left), left.member_id, left.event_id) for left in cast(list[Any], context.events)} == {
        (ParticipantWithdrew, "anna", "e"),
        (ParticipantWithdrew, "carla", "e"),
    }
    assert await mongo[REGISTRATION.collection].count_documents({"state.status": "withdrawn"}) == 2
