"""Who stands by moves up when a place is free."""

from contextlib import suppress
from functools import partial

import structlog

from services.events.domain import registrations
from services.events.places import EVERYBODY, places_for
from services.events.projections import MEMBERS
from services.events.store import REGISTRATION, open_events
from services.events.upkeep import Hand
from shared.chassis.errors import Claimed
from shared.chassis.mongo import Document

log = structlog.get_logger()


async def move_up(hand: Hand) -> None:
    """Give free places to those who wait longest. Who waits for a quota of its kind holds up nobody of another kind."""
    for event in await open_events(hand.mongo):
        waiting = hand.mongo[REGISTRATION.collection].find({"state.event_id": event["_id"], "state.status": "standby"})
        in_turn = await waiting.sort([("state.since", 1), ("_id", 1)]).to_list(None)
        members = {"_id": {"$in": [document["state"]["member_id"] for document in in_turn]}}
        kinds = {one["_id"]: one["kind"] async for one in hand.mongo[MEMBERS.collection].find(members, {"kind": 1})}
        full: set[str] = set()
        for document in in_turn:
            kind = kinds.get(document["state"]["member_id"], EVERYBODY)
            if kind not in full and not await _offer(hand, event, document, kind):
                full.add(kind)


async def _offer(hand: Hand, event: Document, document: Document, kind: str) -> bool:
    """Offer somebody a place; tell whether there was one."""
    while True:
        places = await places_for(hand.mongo, event["_id"], event["state"], kind)
        if places is None:
            return False
        with suppress(Claimed):  # somebody was quicker: look which places are left
            await hand.do(REGISTRATION, document["_id"], partial(registrations.move_up, places=places, event=event["state"]), event)
            log.info("moved_up", event_id=event["_id"], member_id=document["state"]["member_id"])
            return True
