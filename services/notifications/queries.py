"""Reading what other services published. A fact that has not arrived raises NotYet: the reaction is retried when it has."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.notifications.projections import AGENDAS, BROKERAGE, MEETINGS, MEMBERS, REPRESENTATIVES, agenda_id
from services.notifications.read_models import Agenda, BrokerageEvent, Meeting, Member
from shared.chassis.errors import NotFound
from shared.chassis.inbox.held_events import Awaited
from shared.chassis.inbox.positions import positions_of
from shared.chassis.mongo import Mongo
from shared.chassis.projections.projection import Projection
from shared.chassis.reactions.reaction import NotYet


async def names_of(mongo: Mongo, ids: Iterable[str]) -> Mapping[str, str]:
    """Read the names of organisations. Raises NotYet."""
    members = sorted(set(ids))
    documents = mongo[MEMBERS.collection].find({"_id": {"$in": members}}, {"name": 1})
    names = {document["_id"]: document["name"] async for document in documents}
    for id in members:
        if id not in names:
            raise not_yet(MEMBERS, id)
    return names


async def require_known_member(mongo: Mongo, id: str) -> None:
    """Raise NotFound for a member of which nothing has been received."""
    if await mongo[MEMBERS.collection].count_documents({"_id": id}, limit=1) == 0:
        raise NotFound("member-unknown")


async def labels_of(mongo: Mongo, brokerage_event: str, members: Iterable[str]) -> Mapping[str, str]:
    """Read what the representatives of participants are called, by person: `member:representative`."""
    participants = {"event_id": brokerage_event, "member_id": {"$in": sorted(set(members))}}
    rows = [REPRESENTATIVES.read(document) async for document in mongo[REPRESENTATIVES.collection].find(participants)]
    return {f"{row.member_id}:{id}": label for row in rows for id, label in row.labels.items()}


async def approved_member(mongo: Mongo, id: str, sequence: int) -> Member:
    """Read a member whose approval is its event of this number. Raises NotYet before that is folded."""
    document = await mongo[MEMBERS.collection].find_one({"_id": id})
    member = None if document is None else MEMBERS.read(document)
    if member is None or member.status == "applied":
        raise not_yet(MEMBERS, id, sequence)
    return member


async def announced_event(mongo: Mongo, id: str) -> BrokerageEvent:
    """Read a brokerage event. Raises NotYet before its announcement: a draft may still change."""
    document = await mongo[BROKERAGE.collection].find_one({"_id": id})
    brokerage_event = None if document is None else BROKERAGE.read(document)
    if brokerage_event is None or brokerage_event.status == "draft":
        raise not_yet(BROKERAGE, id, brokerage_event.version + 1 if brokerage_event else 1)
    return brokerage_event


async def next_correction(mongo: Mongo, id: str, brokerage_event: BrokerageEvent) -> NotYet:
    """Await the correction of a brokerage event that adds what is missing in `brokerage_event`: its next event."""
    stream = f"{BROKERAGE.topics[0].name}|{id}"
    applied = (await positions_of(mongo, BROKERAGE.name, [stream]))[stream].sequence
    # The correction may have been folded since `brokerage_event` was read: then it is not the next event.
    version = (await announced_event(mongo, id)).version
    return not_yet(BROKERAGE, id, applied + 1 if version == brokerage_event.version else version)


async def meetings_by_id(mongo: Mongo, meetings: Iterable[str]) -> Mapping[str, Meeting]:
    """Read meetings. Raises NotYet."""
    ids = list(meetings)
    documents = mongo[MEETINGS.collection].find({"_id": {"$in": ids}})
    rows = {document["_id"]: MEETINGS.read(document) async for document in documents}
    for id in ids:
        if id not in rows:
            raise not_yet(MEETINGS, id)
    return rows


async def requested_slot(mongo: Mongo, meeting: str, sequence: int) -> int | None:
    """Read the slot that was requested where the event of this number is the agreement. Raises NotYet before that is folded."""
    document = await mongo[MEETINGS.collection].find_one({"_id": meeting})
    for agreement in MEETINGS.read(document).agreed if document else ():
        if agreement.sequence == sequence:
            return agreement.slot
    raise not_yet(MEETINGS, meeting, sequence)


async def agenda_version(mongo: Mongo, brokerage_event: str, version: int) -> Agenda:
    """Read a version of an agenda. Raises NotYet."""
    document = await mongo[AGENDAS.collection].find_one({"_id": agenda_id(brokerage_event, version)})
    if document is None:
        raise not_yet(AGENDAS, brokerage_event, version)
    return AGENDAS.read(document)


def not_yet(projection: Projection[Any], id: str, sequence: int = 1) -> NotYet:
    """Await an event of an aggregate in a projection."""
    return NotYet(Awaited(projection.name, f"{projection.topics[0].name}|{id}", sequence))
