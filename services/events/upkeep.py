"""What becomes due by itself at an event: who stands by moves up when a place is free."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog

from services.events.domain import meetings, registrations
from services.events.domain.attendance import sides
from services.events.places import EVERYBODY, places_for
from services.events.projections import MEMBERS
from services.events.store import BROKERAGE, MEETING, REGISTRATION, brokerage_event, slot_of, taking_part
from shared.chassis.aggregate import Aggregate, Cause, Decide
from shared.chassis.errors import Claimed
from shared.chassis.ids import uuid7
from shared.chassis.mongo import ASCENDING, Document, Mongo
from shared.chassis.write import WritePath

log = structlog.get_logger()
POLL = 1.0
WITHDREW = "Un partecipante si è ritirato. / A participant has withdrawn."
S = TypeVar("S")


class Upkeep:
    """Looks once a second, and at once when woken. Every replica may: rules and claims decide who was first."""

    def __init__(self, mongo: Mongo, write: WritePath, clock: Callable[[], datetime]) -> None:
        self._mongo = mongo
        self._write = write
        self._clock = clock
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Look until told to stop; what fails is tried again."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self.round()
            except Exception as error:
                log.warning("upkeep_failed", error=repr(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL)

    async def stop(self) -> None:
        """Stop after this round."""
        self._stopping = True
        self._wake.set()

    async def round(self) -> None:
        """Do everything that is due now."""
        await self._move_up()
        await self._expire()
        await self._call_off()

    async def _expire(self) -> None:
        """End the requests that were not answered in time."""
        now = self._clock()
        async for event in self._mongo[BROKERAGE.collection].find({"state.requests_until": {"$lte": now}}):
            requested = {"state.event_id": event["_id"], "state.status": "requested"}
            rule = partial(meetings.expire, event=event["state"], now=now)
            await self._each(MEETING, requested, rule, event)

    async def _call_off(self) -> None:
        """Give back what appointments hold of those who withdrew."""
        booked = {"state.status": "accepted", "state.appointment": {"$ne": None}, "state.attendance": None}
        async for document in self._mongo[MEETING.collection].find(booked):
            event = await brokerage_event(self._mongo, document["state"]["event_id"])
            slot = await slot_of(self._mongo, event, document)
            here = await taking_part(self._mongo, event["_id"], sides(document["state"]))
            begun = slot is None or slot["starts"] <= self._clock()
            if event["state"]["status"] == "closed" or begun or len(here) == len(sides(document["state"])):
                continue
            rule = partial(meetings.cancel, by=None, reason=WITHDREW, begun=begun, event=event["state"])
            await self._each(MEETING, {"_id": document["_id"]}, rule, event)

    async def _each(self, aggregate: Aggregate[S], query: Document, rule: Decide[S], event: Document) -> None:
        async for found in self._mongo[aggregate.collection].find(query, {"_id": 1}):
            cause = Cause(uuid7(self._clock()), district=event["state"]["districts"][0])
            await self._write.execute(aggregate, found["_id"], rule, cause)

    async def _move_up(self) -> None:
        """Give free places to those who wait longest. Who waits for a quota of its kind holds up nobody of another kind."""
        waiting = self._mongo[REGISTRATION.collection].find({"state.status": "standby"})
        full: set[tuple[str, str]] = set()
        for document in await waiting.sort([("state.since", ASCENDING), ("_id", ASCENDING)]).to_list(None):
            await self._offer(document, full)

    async def _offer(self, document: Document, full: set[tuple[str, str]]) -> None:
        event_id, member_id = document["state"]["event_id"], document["state"]["member_id"]
        member = await self._mongo[MEMBERS.collection].find_one({"_id": member_id})
        kind = member["kind"] if member else EVERYBODY
        event = (await brokerage_event(self._mongo, event_id))["state"]
        while event["status"] != "closed" and (event_id, kind) not in full:
            places = await places_for(self._mongo, event_id, event, kind)
            if places is None:
                full.add((event_id, kind))
                return
            cause = Cause(uuid7(self._clock()), district=event["districts"][0])
            rule = partial(registrations.move_up, places=places, event=event)
            with suppress(Claimed):  # somebody was quicker: look which places are left
                await self._write.execute(REGISTRATION, document["_id"], rule, cause)
                log.info("moved_up", event_id=event_id, member_id=member_id)
                return
