"""Who stands by moves up when a place is free."""

from contextlib import suppress
from functools import partial

import structlog

from services.events.brokerage.state import BrokerageEvent
from services.events.jobs.runner import Hand
from services.events.projections import MEMBERS
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.quotas import places_for
from services.events.registration.rules import participation as registrations
from services.events.registration.rules.participation import is_approved
from shared.chassis.errors import Claimed
from shared.chassis.mongo import Document
from shared.chassis.writes.aggregate import Stored

log = structlog.get_logger()


async def move_up(hand: Hand, event: Stored[BrokerageEvent]) -> None:
    """Give free places to those who wait longest. Who waits for a quota of its kind holds up nobody of another kind."""
    waiting = hand.mongo[REGISTRATION.collection].find({"state.event_id": event.id, "state.status": "standby"})
    in_turn = await waiting.sort([("state.since", 1), ("_id", 1)]).to_list(None)
    named = {"_id": {"$in": [document["state"]["member_id"] for document in in_turn]}}
    members = {one["_id"]: one async for one in hand.mongo[MEMBERS.collection].find(named, {"kind": 1, "status": 1})}
    full: set[str] = set()
    for document in in_turn:
        member = members.get(document["state"]["member_id"])
        if member is None or not is_approved(member) or member["kind"] in full:
            continue
        if not await _offer(hand, event, document, member):
            full.add(member["kind"])


async def _offer(hand: Hand, event: Stored[BrokerageEvent], document: Document, member: Document) -> bool:
    """Offer somebody a place; tell whether there was one."""
    while True:
        places = await places_for(hand.mongo, event.id, event.state, member["kind"])
        if places is None:
            return False
        rule = partial(registrations.move_up, places=places, event=event.state, member=member)
        with suppress(Claimed):  # somebody was quicker: look which places are left
            await hand.do(REGISTRATION, document["_id"], rule, event)
            log.info("moved_up", event_id=event.id, member_id=document["state"]["member_id"])
            return True
