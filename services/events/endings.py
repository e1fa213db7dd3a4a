"""What ends by itself: requests that nobody answered in time, and appointments of those who withdrew."""

from collections import defaultdict
from contextlib import suppress
from functools import partial

from services.events.domain import meetings, registrations
from services.events.domain.attendance import sides
from services.events.store import BROKERAGE, MEETING, REGISTRATION, next_slot, open_events, registration_id, taking_part
from services.events.upkeep import Hand
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Document
from shared.contracts.events import Unanswered

WITHDREW = "Un partecipante si è ritirato. / A participant has withdrawn."


async def expire(hand: Hand) -> None:
    """End the requests that were not answered in time, and tell each who asked, once, of all of its own."""
    now = hand.clock()
    with_requests = await hand.mongo[MEETING.collection].distinct("state.event_id", {"state.status": "requested"})
    late = {"_id": {"$in": with_requests}, "state.requests_until": {"$lte": now}}
    async for event in hand.mongo[BROKERAGE.collection].find(late):
        requested = {"state.event_id": event["_id"], "state.status": "requested"}
        found = await hand.mongo[MEETING.collection].find(requested).sort("_id", 1).to_list(None)
        # Told first: where this breaks off, the next round tells nobody twice and ends the rest.
        for member, unanswered in _by_asker(found).items():
            told = partial(registrations.expire_requests, unanswered=unanswered, event=event["state"], now=now)
            with suppress(NotFound):
                await hand.do(REGISTRATION, registration_id(event["_id"], member), told, event)
        for meeting in found:
            await hand.do(MEETING, meeting["_id"], partial(meetings.expire, event=event["state"], now=now), event)


async def call_off(hand: Hand) -> None:
    """Give back what appointments that are to come hold of those who withdrew."""
    for event in await open_events(hand.mongo):
        coming = next_slot(event["state"], hand.clock())
        booked = {"state.event_id": event["_id"], "state.appointment.slot": {"$gte": coming}, "state.attendance": None}
        found = await hand.mongo[MEETING.collection].find(booked).to_list(None)
        here = await taking_part(hand.mongo, event["_id"], {side for one in found for side in sides(one["state"])})
        for meeting in found:
            if not here.keys() >= set(sides(meeting["state"])):
                rule = partial(meetings.cancel, by=None, reason=WITHDREW, begun=False, event=event["state"])
                await hand.do(MEETING, meeting["_id"], rule, event)


def _by_asker(requested: list[Document]) -> dict[str, list[Unanswered]]:
    found: dict[str, list[Unanswered]] = defaultdict(list)
    for meeting in requested:
        by, *asked = sides(meeting["state"])
        silent = tuple(member for member in asked if member not in meeting["state"]["accepted"])
        found[by].append(Unanswered(meeting_id=meeting["_id"], asked=silent))
    return found
