"""What ends by itself: requests that nobody answered in time, registrations of members that left, appointments of who withdrew."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.rules.lifecycle import answers_over
from services.events.brokerage.state import BrokerageEvent
from services.events.jobs.runner import Hand, apart
from services.events.meeting.aggregate import MEETING
from services.events.meeting.queries import appointments_to_come
from services.events.meeting.rules import requests as meetings
from services.events.meeting.state import Meeting
from services.events.projections import MEMBERS
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id, taking_part
from services.events.registration.rules import participation as registrations
from shared.chassis.errors import NotFound
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregates
from shared.contracts.events import MeetingCancelled, Unanswered

WITHDREW = "Un partecipante si è ritirato. / A participant has withdrawn."

PAGE = 200
"""Requests ended at once, and what else those asked for who asked for them."""


async def expire(hand: Hand, event: Stored[BrokerageEvent]) -> None:
    """End the requests that were not answered in time, and tell each who asked, once, of all of its own. A page at a time."""
    now = hand.clock()
    if not answers_over(event.state, now):
        return
    requested = {"state.event_id": event.id, "state.status": "requested"}
    first = hand.mongo[MEETING.collection].find(requested, {"state.by": 1}).sort("state.by", 1).limit(PAGE)
    askers = {"state.by": {"$in": list({one["state"]["by"] async for one in first})}}
    found = await find_aggregates(hand.mongo, MEETING, {**requested, **askers})
    # Told first: where this breaks off, the next round tells nobody twice and ends the rest.
    for member, unanswered in _by_asker(found).items():
        told = partial(registrations.expire_requests, unanswered=unanswered, event=event.state, now=now)
        with suppress(NotFound):
            await hand.do(REGISTRATION, registration_id(event.id, member), told, event)
    for meeting in found:
        await hand.do(MEETING, meeting.id, partial(meetings.expire, brokerage_event=event.state, now=now), event)


async def call_off(hand: Hand, event: Stored[BrokerageEvent]) -> None:
    """Give back what appointments that are to come hold of those who withdrew."""
    coming = next_slot(event.state, hand.clock())
    found = await appointments_to_come(hand.mongo, event.id, coming)
    here = await taking_part(hand.mongo, event.id, {side for meeting in found for side in meeting.state.sides})
    for meeting in found:
        if not here.keys() >= set(meeting.state.sides):
            cancelled = MeetingCancelled(event_id=event.id, reason=WITHDREW)
            rule = partial(meetings.cancel, cancelled=cancelled, begun=False, brokerage_event=event.state)
            await hand.do(MEETING, meeting.id, rule, event)


async def sign_off(hand: Hand, events: Sequence[Stored[BrokerageEvent]]) -> None:
    """Withdraw the registrations of members that have left the registry."""
    at = {event.id: event for event in events}
    there = {"state.event_id": {"$in": list(at)}, "state.status": {"$ne": "withdrawn"}}
    members = await hand.mongo[REGISTRATION.collection].distinct("state.member_id", there)
    left = await hand.mongo[MEMBERS.collection].distinct("_id", {"_id": {"$in": members}, "status": "withdrawn"})
    theirs = {**there, "state.member_id": {"$in": left}}
    async for document in hand.mongo[REGISTRATION.collection].find(theirs, {"state.event_id": 1}):
        event = at[document["state"]["event_id"]]
        rule = partial(registrations.withdraw, event=event.state)
        await apart(hand.do(REGISTRATION, document["_id"], rule, event), event_id=event.id)


def _by_asker(requested: list[Stored[Meeting]]) -> dict[str, list[Unanswered]]:
    found: dict[str, list[Unanswered]] = defaultdict(list)
    for meeting in requested:
        state = meeting.state
        silent = tuple(member for member in state.invited if member not in state.accepted)
        found[state.by].append(Unanswered(meeting_id=meeting.id, asked=silent))
    return found
