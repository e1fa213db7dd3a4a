"""What ends by itself: unanswered requests, appointments of participants that withdrew, registrations of former members."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.rules.lifecycle import answers_over
from services.events.brokerage.state import BrokerageEvent
from services.events.jobs.periodic_jobs import BrokerageEvents, JobContext, isolated
from services.events.meeting.aggregate import MEETING
from services.events.meeting.queries import appointments_to_come
from services.events.meeting.rules import requests as meetings
from services.events.meeting.state import Meeting
from services.events.projections import withdrawn_members
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import active_registrations, members_taking_part, registration_id, taking_part
from services.events.registration.rules import participation
from shared.chassis.errors import NotFound
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregates
from shared.contracts.events import MeetingCancelled, Unanswered

WITHDREW = "Un partecipante si è ritirato. / A participant has withdrawn."

PAGE = 200
"""Requests expired in one round, and the others of the same members."""


async def expire_requests(context: JobContext, brokerage_event: Stored[BrokerageEvent]) -> None:
    """End the requests that were not answered in time, a page at a time; each asking member is notified once, of all of its own."""
    now = context.clock()
    if not answers_over(brokerage_event.state, now):
        return
    requested = {"state.event_id": brokerage_event.id, "state.status": "requested"}
    first = context.mongo[MEETING.collection].find(requested, {"state.by": 1}).sort("state.by", 1).limit(PAGE)
    askers = {"state.by": {"$in": list({document["state"]["by"] async for document in first})}}
    requests = await find_aggregates(context.mongo, MEETING, {**requested, **askers})
    # Notified first: after an interruption the next round notifies nobody twice and ends the rest.
    for member, unanswered in _by_asker(requests).items():
        rule = partial(participation.expire_requests, unanswered=unanswered, brokerage_event=brokerage_event.state, now=now)
        with suppress(NotFound):
            await context.execute(REGISTRATION, registration_id(brokerage_event.id, member), rule, brokerage_event)
    for meeting in requests:
        expire = partial(meetings.expire, brokerage_event=brokerage_event.state, now=now)
        await context.execute(MEETING, meeting.id, expire, brokerage_event)


async def cancel_appointments_of_withdrawn(context: JobContext, brokerage_event: Stored[BrokerageEvent]) -> None:
    """Cancel the appointments to come of participants that withdrew, which frees their tables and partners."""
    coming = next_slot(brokerage_event.state, context.clock())
    appointments = await appointments_to_come(context.mongo, brokerage_event.id, coming)
    members = {side for meeting in appointments for side in meeting.state.sides}
    present = await taking_part(context.mongo, brokerage_event.id, members)
    for meeting in appointments:
        if withdrawn := tuple(side for side in meeting.state.sides if side not in present):
            cancelled = MeetingCancelled(event_id=brokerage_event.id, reason=WITHDREW, withdrawn=withdrawn)
            rule = partial(meetings.cancel, cancelled=cancelled, begun=False, brokerage_event=brokerage_event.state)
            await context.execute(MEETING, meeting.id, rule, brokerage_event)


async def withdraw_former_members(context: JobContext, brokerage_events: BrokerageEvents) -> None:
    """Withdraw the registrations of members that have left the registry."""
    by_id = {brokerage_event.id: brokerage_event for brokerage_event in brokerage_events}
    members = await withdrawn_members(context.mongo, await members_taking_part(context.mongo, by_id))
    for registration in await active_registrations(context.mongo, by_id, members):
        brokerage_event = by_id[registration.state.event_id]
        rule = partial(participation.withdraw, brokerage_event=brokerage_event.state)
        await isolated(context.execute(REGISTRATION, registration.id, rule, brokerage_event), event_id=brokerage_event.id)


def _by_asker(requests: Sequence[Stored[Meeting]]) -> dict[str, list[Unanswered]]:
    unanswered: dict[str, list[Unanswered]] = defaultdict(list)
    for meeting in requests:
        silent = tuple(member for member in meeting.state.invited if member not in meeting.state.accepted)
        unanswered[meeting.state.by].append(Unanswered(meeting_id=meeting.id, asked=silent))
    return unanswered
