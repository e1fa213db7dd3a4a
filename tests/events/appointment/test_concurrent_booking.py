"""Two hundred confirmations at once, for people, tables and slots that overlap: nothing is booked twice, all are answered."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from itertools import combinations

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.brokerage.state import BrokerageEvent
from services.events.main import SERVICE
from services.events.meeting.aggregate import MEETING
from services.events.meeting.queries import meeting_id
from services.events.meeting.rules import requests as meetings
from services.events.meeting.rules.context import MeetingContext
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.writes.claims import CLAIMS
from shared.contracts.events import MeetingRequested, Slot
from tests.events.factories import CAUSE, EVERY_FIRM, agree, event_state
from tests.lib.services import bearer, serving

MEMBERS = [f"m{number:02}" for number in range(24)]
SLOTS, TABLES, CONFIRMATIONS = 4, 6, 200


def coming_slots(count: int) -> tuple[Slot, ...]:
    """Slots of an hour that begin tomorrow."""
    first = datetime.now(UTC) + timedelta(days=1)
    hours = [first + timedelta(hours=number) for number in range(count)]
    return tuple(Slot(number=n, starts=start, ends=start + timedelta(minutes=50)) for n, start in enumerate(hours, 1))


async def request_meeting(runtime: Runtime, state: BrokerageEvent, request: MeetingRequested) -> str:
    """Request a meeting by the rules, and return its id."""
    facts = MeetingContext(state, frozenset(MEMBERS), kinds=EVERY_FIRM)
    id = meeting_id("fair", request.by, request.towards)
    await runtime.write.execute(MEETING, id, lambda before: meetings.request(before, request, facts), CAUSE)
    return id


async def test_many_confirmations_at_once_never_book_twice(settings: Settings, issuer: Issuer) -> None:
    draw = random.Random(4)
    patient = settings.model_copy(update={"requests_waiting": 2 * CONFIRMATIONS, "requests_patience": 60})
    async with serving(SERVICE, patient) as (runtime, http):
        slots = coming_slots(SLOTS)
        await agree(runtime, "fair", list(zip(MEMBERS[::2], MEMBERS[1::2], strict=True)), slots=slots, tables=TABLES)
        state = event_state(slots=slots, tables=TABLES)
        pairs = [pair for pair in combinations(MEMBERS, 2) if pair not in zip(MEMBERS[::2], MEMBERS[1::2], strict=True)]
        requests = [
            MeetingRequested(
                event_id="fair",
                mode="b2b",
                by=by,
                towards=towards,
                slot=draw.randint(1, SLOTS),
                table=draw.choice([None, None, *range(1, TABLES + 1)]),
            )
            for by, towards in draw.sample(pairs, CONFIRMATIONS)
        ]
        ids = await asyncio.gather(*(request_meeting(runtime, state, request) for request in requests))
        manager = bearer(issuer, "manager", districts=["marble"])
        limits = httpx2.Limits(max_connections=CONFIRMATIONS)
        async with httpx2.AsyncClient(base_url=http.base_url, timeout=60, limits=limits) as crowd:

            async def confirm(id: str, by: str) -> httpx2.Response:
                return await crowd.post(f"/v1/meetings/{id}/accept", json={"by": by}, headers=manager)

            answers = await asyncio.gather(*(confirm(id, request.towards) for id, request in zip(ids, requests, strict=True)))

        booked = [answer.json()["appointment"] for answer in answers if answer.status_code == 200]
        people = [(appointment["slot"], person) for appointment in booked for person in appointment["people"]]
        tables = [(appointment["slot"], appointment["table"]) for appointment in booked]
        assert len(people) == len(set(people)), "nobody is in two places"
        assert len(tables) == len(set(tables)), "no table has two meetings"
        claims = {f"fair:{slot}:person:{person}" for slot, person in people} | {f"fair:{slot}:table:{n}" for slot, n in tables}
        assert set(await runtime.mongo[CLAIMS].distinct("_id")) == claims

        # Who was refused is told why, and rightly: one of the two, or the table, or all tables are taken in that slot.
        assert len(booked) >= SLOTS
        for request, answer in zip(requests, answers, strict=True):
            if answer.status_code == 200:
                continue
            problem = answer.json()["type"].removeprefix("urn:distretti:problem:")
            assert (answer.status_code, problem in ("person-booked", "table-taken", "no-table-free")) == (409, True), answer.text
            in_slot = {number for slot, number in tables if slot == request.slot}
            met = {person for slot, person in people if slot == request.slot}
            assert {request.by, request.towards} & met or request.table in in_slot or len(in_slot) == TABLES, answer.text
