"""What the tests of brokerage events are made of: an announcement, a member, meetings agreed on."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx2

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.announcement import Announcement, check_announcement
from services.events.brokerage.queries import read_brokerage_event
from services.events.brokerage.rules import lifecycle as brokerage
from services.events.brokerage.state import BrokerageEvent, Status, evolve
from services.events.brokerage.time_zones import place_zones
from services.events.meeting.aggregate import MEETING
from services.events.meeting.queries import meeting_id
from services.events.meeting.rules import requests as meetings
from services.events.meeting.rules.context import MeetingContext
from services.events.projections import DISTRICTS, MEMBERS
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from services.events.registration.rules import participation as registrations
from services.events.rows import Member
from shared.chassis.config import Settings
from shared.chassis.outbox.cause import Cause
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.writes.aggregate import Stored
from shared.contracts import topics
from shared.contracts.base import LocalizedText
from shared.contracts.events import (
    AgendaPublished,
    BrokerageEventAnnounced,
    BrokerageEventDrafted,
    MeetingRequested,
    ParticipantRegistered,
    Placement,
    Slot,
)
from shared.contracts.registry import DistrictOpened, Identifier, Kind, MemberApplied, MemberApproved, Place, Profile
from tests.lib.publish_event import feed
from tests.lib.services import eventually

MORNING = datetime(2027, 3, 12, 8, 30, tzinfo=UTC)
LONG_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
"""When events are announced, whenever their slots are."""
CAUSE = Cause("test")
EVERY_FIRM: Mapping[str, Kind] = defaultdict(lambda: "sme")
"""Whoever is looked up is a firm."""
APPROVED = Member("Firm", "sme", "approved", ("marble",))
S = TypeVar("S")


def stored(id: str, state: S, changed: datetime = MORNING) -> Stored[S]:
    """An aggregate as it would be read."""
    return Stored(id, 1, state, 1, changed)


class Clock:
    """The time of the events service: now, and as far ahead as it was put."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def slots(count: int) -> tuple[Slot, ...]:
    """Slots of twenty minutes, one after the other."""
    length = timedelta(minutes=20)
    return tuple(Slot(number=n, starts=MORNING + (n - 1) * length, ends=MORNING + n * length) for n in range(1, count + 1))


def two_days(first: int, second: int) -> tuple[Slot, ...]:
    """So many slots on one day, and so many at the same time on the next."""
    days = [*slots(first), *slots(second)]
    later = [timedelta(days=number >= first) for number in range(len(days))]
    return tuple(
        slot.model_copy(update={"number": number, "starts": slot.starts + more, "ends": slot.ends + more})
        for number, (slot, more) in enumerate(zip(days, later, strict=True), 1)
    )


def midday() -> str:
    """Name a time zone where it is about noon, so that the hours before and after now are of one day."""
    now = datetime.now(UTC)
    return min(place_zones(), key=lambda zone: (abs(now.astimezone(ZoneInfo(zone)).hour - 12), zone))


def announced(**changes: Any) -> BrokerageEventAnnounced:
    """A brokerage event with three slots and two tables."""
    return BrokerageEventAnnounced(**_occasion(**changes))


def drafted(**changes: Any) -> BrokerageEventDrafted:
    """The same as a draft."""
    return BrokerageEventDrafted(**_occasion(**changes))


def _occasion(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": LocalizedText(it="Incontri del marmo", en="Marble meetings"),
        "districts": ("marble",),
        "modes": ("b2b", "r2b"),
        "venue": "Carrara",
        "timezone": "Europe/Rome",
        "slots": slots(3),
        "tables": 2,
    }
    return {**fields, **changes}


def announcement(**changes: Any) -> dict[str, Any]:
    """The same as the body of a request; a change may be anything, right or wrong."""
    return {**announced().model_dump(mode="json"), **changes}


async def draft_by_id(runtime: Runtime, id: str, body: Mapping[str, Any]) -> None:
    """Make a draft of what an organiser sends; over HTTP it would get an id of its own."""
    event = check_announcement(Announcement.model_validate(body), set(body["districts"]), BrokerageEventDrafted)
    await runtime.write.execute(BROKERAGE, id, lambda state: brokerage.draft(state, event), CAUSE)


def event_state(status: Status = "registration-open", **changes: Any) -> BrokerageEvent:
    """The state of a brokerage event in this status."""
    return replace(evolve(None, announced(**changes)), status=status)


def stored_event(state: BrokerageEvent, id: str = "fair") -> Stored[BrokerageEvent]:
    """A brokerage event as it is read from the store."""
    return Stored(id, 1, state, BROKERAGE.revision, LONG_BEFORE)


def member(name: str) -> MemberApplied:
    """An application by a firm of the marble district."""
    return MemberApplied(
        name=name,
        kind="sme",
        identifiers=(Identifier(scheme="name", value=f"IT:{name}"),),
        districts=("marble",),
        place=Place(country="IT"),
        profile=Profile(),
    )


async def feed_members(settings: Settings, runtime: Runtime, ids: Iterable[str]) -> None:
    """Tell the service of the marble district and of these members, approved, and wait until it knows them."""
    ids = list(ids)
    marble = LocalizedText(it="Marmo", en="Marble")
    await feed(settings, topics.DISTRICTS, "marble", 1, DistrictOpened(name=marble, theme=marble))
    for id in ids:
        await feed(settings, topics.MEMBERS, id, 1, member(f"Firm {id}"))
        await feed(settings, topics.MEMBERS, id, 2, MemberApproved())

    async def members_known() -> bool:
        approved = {"_id": {"$in": ids}, "status": "approved"}
        members = await runtime.mongo[MEMBERS.collection].count_documents(approved)
        return members == len(ids) and await runtime.mongo[DISTRICTS.collection].count_documents({}) == 1

    await eventually(members_known)


async def agree(runtime: Runtime, event: str, pairs: Sequence[tuple[str, str]], **changes: Any) -> None:
    """Write, by the rules, an event with these meetings accepted."""
    state = event_state(**changes)
    write = runtime.write.execute
    await write(BROKERAGE, event, lambda before: brokerage.announce(before, announced(**changes), LONG_BEFORE), CAUSE)
    await write(BROKERAGE, event, lambda before: brokerage.open_registration(before, LONG_BEFORE), CAUSE)
    await asyncio.gather(*(_register(runtime, event, id, state) for id in {side for pair in pairs for side in pair}))
    await asyncio.gather(*(agree_on(runtime, event, pair, state) for pair in pairs))


async def _register(runtime: Runtime, event: str, id: str, state: BrokerageEvent) -> None:
    registration = ParticipantRegistered(event_id=event, member_id=id)
    await runtime.write.execute(
        REGISTRATION,
        registration_id(event, id),
        lambda before: registrations.register(before, registration, state, APPROVED, (), LONG_BEFORE),
        CAUSE,
    )


async def agree_on(runtime: Runtime, event: str, pair: tuple[str, str], state: BrokerageEvent) -> None:
    """Have one more meeting of an event asked for from both sides."""
    await _request_meeting(runtime, event, pair, state)
    await _request_meeting(runtime, event, pair[::-1], state)


async def _request_meeting(runtime: Runtime, event: str, pair: tuple[str, str], state: BrokerageEvent) -> None:
    by, towards = pair
    request = MeetingRequested(event_id=event, mode="b2b", by=by, towards=towards)
    facts = MeetingContext(state, frozenset(pair), kinds=EVERY_FIRM)
    id = meeting_id(event, by, towards)
    await runtime.write.execute(MEETING, id, lambda before: meetings.request(before, request, facts), CAUSE)


async def publish(runtime: Runtime, event: str, places: Mapping[tuple[str, str], tuple[int, int]], input: str = "by hand") -> None:
    """Publish, by the rules, a version of an agenda that has these pairs in these slots at these tables."""
    placements = tuple(
        Placement(meeting_id=meeting_id(event, *pair), members=pair, slot=slot, table=table)
        for pair, (slot, table) in places.items()
    )
    agenda = AgendaPublished(event_id=event, placements=placements, status="feasible", breaks=0, bound=0, input=input)
    state = (await read_brokerage_event(runtime.mongo, event)).state
    await runtime.write.execute(AGENDA, event, lambda before: agendas.publish(before, agenda, state), CAUSE)


async def computed(http: httpx2.AsyncClient, event: str, headers: dict[str, str]) -> dict[str, Any]:
    """Wait for the end of an event's computation, and return how it ended."""

    async def ended() -> dict[str, Any] | None:
        answer = (await http.get(f"/v1/brokerage-events/{event}/agenda/computation", headers=headers)).json()
        return answer if answer["status"] not in ("queued", "running") else None

    computation = await eventually(ended, 60)
    assert computation is not None
    return computation
