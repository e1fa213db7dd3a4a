"""What this service keeps: four kinds of aggregates, and the queries on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.events.agenda import rules as agendas
from services.events.attendance.check_in_codes import KEYS
from services.events.attendance.no_shows import away_from
from services.events.attendance.rules import existing, sides
from services.events.brokerage import rules as brokerage
from services.events.meeting import rules as meetings
from services.events.projections import AGENDA_VERSIONS, DISTRICTS, MEMBERS
from services.events.registration import rules as registrations
from shared.chassis.errors import NotFound
from shared.chassis.ids import computed_id
from shared.chassis.mongo import ASCENDING, Document, Index, Mongo, Session
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

REVISION = 3
"""Of all four: what `evolve` makes of their events has grown twice; what it has grown since is added to each."""
BROKERAGE: Aggregate[brokerage.Brokerage] = Aggregate(
    "brokerage-event", topics.BROKERAGE, "brokerage", brokerage.evolve, revision=REVISION + 1
)
REGISTRATION: Aggregate[registrations.Registration] = Aggregate(
    "registration", topics.REGISTRATIONS, "registrations", registrations.evolve, registrations.claims, revision=REVISION + 3
)
MEETING: Aggregate[meetings.Meeting] = Aggregate(
    "meeting", topics.MEETINGS, "meetings", meetings.evolve, meetings.claims, revision=REVISION + 4
)
AGENDA: Aggregate[agendas.Agenda] = Aggregate(
    "agenda", topics.AGENDAS, "agendas", agendas.evolve, agendas.claims, revision=REVISION + 3
)

COMPUTATIONS = "computations"
INDEXES: dict[str, list[Index]] = {
    REGISTRATION.collection: [
        ([("state.event_id", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.status", ASCENDING), ("state.since", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("version", ASCENDING)], {}),
        ([("state.member_id", ASCENDING)], {}),
    ],
    MEMBERS.collection: [([("status", ASCENDING)], {})],
    BROKERAGE.collection: [([("state.status", ASCENDING), ("changed", ASCENDING)], {})],
    MEETING.collection: [
        ([("state.event_id", ASCENDING), ("state.status", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.status", ASCENDING), ("state.event_id", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("version", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.appointment.slot", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.by", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.towards", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.others", ASCENDING)], {}),
    ],
    KEYS: [],
    AGENDA_VERSIONS.collection: [([("event_id", ASCENDING), ("_id", ASCENDING)], {})],
    COMPUTATIONS: [([("status", ASCENDING), ("asked", ASCENDING)], {})],
}


@dataclass(frozen=True)
class Gathered:
    """What an agenda is computed from, as aggregate documents: the event, its accepted meetings, who takes part in them.

    `away` are those of them that did not come on the day on which this was read, with its slots.
    """

    event: Document
    meetings: list[Document]
    registrations: list[Document]
    away: Mapping[str, frozenset[int]]


def registration_id(event: str, member: str) -> str:
    """Name the one registration of a member at an event."""
    return computed_id("registration", event, member)


def meeting_id(event: str, one: str, other: str) -> str:
    """Name the one meeting of two members at an event, whoever asks."""
    return group_id(event, (one, other))


def group_id(event: str, members: Iterable[str]) -> str:
    """Name the one meeting of these members at an event, whoever asks."""
    return computed_id("meeting", event, *sorted(members))


async def brokerage_event(mongo: Mongo, id: str, session: Session | None = None) -> Document:
    """Read a brokerage event. Raises NotFound."""
    found = await mongo[BROKERAGE.collection].find_one({"_id": id}, session=session)
    if found is None:
        raise unknown_event()
    return found


def next_slot(event: Mapping[str, Any], now: datetime) -> int:
    """Say which slot is the first that has not begun; one more than there are where all have."""
    return sum(1 for slot in event["slots"] if slot["starts"] <= now) + 1


def under_way(event: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether the day runs: it was started or its first slot has begun, and a slot is still to come."""
    coming = next_slot(event, now)
    return coming <= len(event["slots"]) and (event["status"] == "running" or coming > 1)


def input_of(agenda: Mapping[str, Any]) -> str:
    """Name the input an agenda stands for: what it was computed from, or what was so when it was restored."""
    return str(agenda["input"]).rpartition(":")[2]


def input_for(digest: str, minimise_gaps: bool) -> str:
    """Name the input of an agenda that was asked for more than the fewest breaks."""
    return f"minimise_gaps:{digest}" if minimise_gaps else digest


def unknown_event() -> NotFound:
    """Say that there is no brokerage event by an id."""
    return NotFound("event-unknown", it="Non c'è nessun evento con questo id.", en="There is no brokerage event by this id.")


async def phase_of(mongo: Mongo, event: Document) -> str:
    """Say where an event is in its life: its status, and around the publication of its agenda what becomes of that."""
    status: str = event["state"]["status"]
    if status not in ("registration-open", "registration-closed"):
        return status
    if await mongo[COMPUTATIONS].find_one({"_id": event["_id"], "status": {"$in": ["queued", "running"]}}, {"_id": 1}):
        return "scheduling"
    published = await mongo[AGENDA.collection].find_one({"_id": event["_id"]}, {"_id": 1})
    return "published" if published and status == "registration-closed" else status


async def meeting(mongo: Mongo, id: str) -> Document:
    """Read a meeting. Raises NotFound."""
    return existing(await mongo[MEETING.collection].find_one({"_id": id}))


async def registration(mongo: Mongo, event: str, member: str) -> Document:
    """Read the registration of somebody who takes part. Raises NotFound."""
    found = await mongo[REGISTRATION.collection].find_one({"_id": registration_id(event, member), "state.status": "registered"})
    if found is None:
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    return found


async def agenda(mongo: Mongo, event: str) -> Document:
    """Read the newest version of an event's agenda. Raises NotFound."""
    found = await mongo[AGENDA.collection].find_one({"_id": event})
    if found is None:
        it = "L'agenda di questo evento non è ancora pubblicata."
        raise NotFound("agenda-unknown", it=it, en="The agenda of this event is not published yet.")
    return found


async def taking_part(mongo: Mongo, event: str, members: Iterable[str]) -> dict[str, Document]:
    """Read the registrations of these members, of those who are registered now and have not left the registry."""
    members = list(members)
    left = set(await mongo[MEMBERS.collection].distinct("_id", {"_id": {"$in": members}, "status": "withdrawn"}))
    ids = [registration_id(event, member) for member in members if member not in left]
    found = mongo[REGISTRATION.collection].find({"_id": {"$in": ids}, "state.status": "registered"})
    return {document["state"]["member_id"]: document["state"] async for document in found}


async def registrations_of(mongo: Mongo, event: str, members: Iterable[str]) -> list[Document]:
    """Read the registrations of these members, also of those who withdrew."""
    ids = [registration_id(event, member) for member in members]
    return await mongo[REGISTRATION.collection].find({"_id": {"$in": ids}}).to_list(None)


async def gathered(mongo: Mongo, event: str, now: datetime, session: Session | None = None) -> Gathered:
    """Read what an agenda is computed from, in the order of ids, and reckon who is there now. Raises NotFound."""
    document = await brokerage_event(mongo, event, session)
    accepted = mongo[MEETING.collection].find({"state.event_id": event, "state.status": "accepted"}, session=session)
    agreed = await accepted.sort("_id", ASCENDING).to_list(None)
    members = {side for meeting in agreed for side in sides(meeting["state"])}
    ids = [registration_id(event, member) for member in members]
    involved = mongo[REGISTRATION.collection].find({"_id": {"$in": ids}}, session=session)
    registered = await involved.sort("_id", ASCENDING).to_list(None)
    told = [meeting for meeting in agreed if meeting["state"]["attendance"] is not None]
    placed = await _slots_in_agenda(mongo, event, session) if told else {}
    return Gathered(document, agreed, registered, away_from(document["state"], told, registered, placed, now))


async def _slots_in_agenda(mongo: Mongo, event: str, session: Session | None) -> dict[str, int]:
    """Read the slots of the meetings in the newest agenda. What has begun stays in its slot through all versions."""
    slots = {"state.placements.meeting_id": 1, "state.placements.slot": 1}
    found = await mongo[AGENDA.collection].find_one({"_id": event}, slots, session=session)
    return {one["meeting_id"]: one["slot"] for one in found["state"]["placements"]} if found else {}


async def known_districts(mongo: Mongo) -> set[str]:
    """Read the ids of the districts known here."""
    return set(await mongo[DISTRICTS.collection].distinct("_id"))


async def names(mongo: Mongo, members: Iterable[str]) -> dict[str, str]:
    """Read the names of members; one not known here is absent."""
    found = mongo[MEMBERS.collection].find({"_id": {"$in": list(members)}}, {"name": 1})
    return {document["_id"]: document["name"] async for document in found}


def shown(document: Document) -> dict[str, Any]:
    """Show an aggregate as it is."""
    return {"id": document["_id"], "version": document["version"], **document["state"]}
