"""Appointments follow the day: a table that is closed, a side that is not there in the slot any more."""

from contextlib import suppress
from functools import partial

from services.events.appointment.rules import relocation as relocation_rules
from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.state import BrokerageEvent
from services.events.jobs.runner import Hand, apart
from services.events.meeting.aggregate import MEETING
from services.events.meeting.free_places import place_for
from services.events.meeting.state import sides
from services.events.registration.queries import taking_part
from shared.chassis.errors import Claimed
from shared.chassis.mongo import Document
from shared.chassis.writes.aggregate import Stored


async def follow(hand: Hand, event: Stored[BrokerageEvent]) -> None:
    """Give appointments that are to come another table where theirs was closed, or give them up."""
    coming = next_slot(event.state, hand.clock())
    booked = {"state.event_id": event.id, "state.appointment.slot": {"$gte": coming}, "state.attendance": None}
    found = await hand.mongo[MEETING.collection].find(booked).to_list(None)
    if not found:
        return
    here = await taking_part(hand.mongo, event.id, {side for one in found for side in sides(one["state"])})
    unavailable = {member: state.unavailable for member, state in here.items()}
    for meeting in found:
        if relocation_rules.hinders(meeting["state"], event.state, unavailable, hand.clock()):
            await apart(_follow(hand, event, meeting, unavailable), event_id=event.id, meeting_id=meeting["_id"])


async def _follow(hand: Hand, event: Stored[BrokerageEvent], meeting: Document, unavailable: relocation_rules.Unavailable) -> None:
    """Move one, or give it up; where the table was taken just now, another is looked for."""
    seen, members = meeting["state"]["appointment"], sides(meeting["state"])
    while True:
        place = await place_for(hand.mongo, event.id, event.state, members, seen["slot"], None, (), [seen])
        rule = partial(
            relocation_rules.follow,
            seen=seen,
            table=place and place[0],
            event=event.state,
            unavailable=unavailable,
            now=hand.clock(),
        )
        with suppress(Claimed):
            await hand.do(MEETING, meeting["_id"], rule, event)
            return
