"""Reading agendas: the newest version, whole or in part, and earlier versions."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.schemas import AgendaVersionInBrief
from services.events.agenda.state import Agenda, OwnTable, Placement, Unplaced, digest_of_input
from services.events.agenda.versions import AGENDA_VERSIONS, AgendaVersion, version_id
from shared.chassis.documents import parse
from shared.chassis.errors import NotFound
from shared.chassis.http.pagination import Page, page
from shared.chassis.mongo import Document, Mongo, Session
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregate

SIDES = ("members", "others")


@dataclass(frozen=True)
class MemberAgenda:
    """The meetings of one member in a version of an agenda."""

    version: int
    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]


@dataclass(frozen=True)
class Tables:
    """A part of an agenda: the placements of some members, and who has a table of its own."""

    placements: tuple[Placement, ...] = ()
    own_tables: tuple[OwnTable, ...] = ()

    @property
    def own_table_of(self) -> dict[str, int]:
        """The tables that members have to themselves, by member."""
        return {own.member_id: own.table for own in self.own_tables}


@dataclass(frozen=True)
class _Slot:
    meeting_id: str
    slot: int


@dataclass(frozen=True)
class _Slots:
    placements: tuple[_Slot, ...]


@dataclass(frozen=True)
class _Input:
    input: str


async def read_agenda(mongo: Mongo, event_id: str) -> Stored[Agenda]:
    """Read the newest version of an event's agenda. Raises NotFound."""
    agenda = await find_aggregate(mongo, AGENDA, event_id)
    if agenda is None:
        raise NotFound("agenda-unknown")
    return agenda


async def is_published(mongo: Mongo, event_id: str) -> bool:
    """Whether an event has an agenda."""
    return await mongo[AGENDA.collection].find_one({"_id": event_id}, {"_id": 1}) is not None


async def agenda_of_member(mongo: Mongo, event_id: str, member: str) -> MemberAgenda:
    """Read the meetings of one member in the newest version. Raises NotFound."""
    fields: Document = {"version": 1} | {
        part: {"$filter": {"input": f"$state.{part}", "cond": {"$or": [{"$in": [member, f"$$this.{side}"]} for side in SIDES]}}}
        for part in ("placements", "unplaced")
    }
    document = await mongo[AGENDA.collection].find_one({"_id": event_id}, fields)
    if document is None:
        raise NotFound("agenda-unknown")
    return parse(MemberAgenda, document)


async def placement_in_agenda(mongo: Mongo, event_id: str, meeting_id: str) -> Placement | None:
    """Read the place of a meeting in the newest version; None where it has none."""
    query = {"_id": event_id, "state.placements.meeting_id": meeting_id}
    document = await mongo[AGENDA.collection].find_one(query, {"state.placements.$": 1})
    return parse(Tables, document["state"]).placements[0] if document else None


async def slots_in_agenda(mongo: Mongo, event_id: str, session: Session | None) -> dict[str, int]:
    """Read the slots of the meetings in the newest version. What has begun stays in its slot through all versions."""
    fields = {"state.placements.meeting_id": 1, "state.placements.slot": 1}
    document = await mongo[AGENDA.collection].find_one({"_id": event_id}, fields, session=session)
    slots = parse(_Slots, document["state"]).placements if document else ()
    return {placement.meeting_id: placement.slot for placement in slots}


async def tables_in_agenda(mongo: Mongo, event_id: str, members: Iterable[str]) -> Tables:
    """Read where these members sit in the newest version, and who has a table of its own."""
    involved = {"$setIntersection": [{"$concatArrays": ["$$this.members", "$$this.others"]}, sorted(members)]}
    placements = {"$filter": {"input": "$state.placements", "cond": {"$ne": [involved, []]}}}
    fields: Document = {"placements": placements, "own_tables": "$state.own_tables"}
    document = await mongo[AGENDA.collection].find_one({"_id": event_id}, fields)
    return parse(Tables, document) if document else Tables()


async def input_digest(mongo: Mongo, event_id: str) -> str | None:
    """Read the digest of the input that the newest version stands for; None where there is no agenda."""
    document = await mongo[AGENDA.collection].find_one({"_id": event_id}, {"state.input": 1})
    return digest_of_input(parse(_Input, document["state"]).input) if document else None


async def read_version(mongo: Mongo, event_id: str, version: int) -> AgendaVersion:
    """Read a version of an agenda. Raises NotFound."""
    document = await mongo[AGENDA_VERSIONS.collection].find_one({"_id": version_id(event_id, version)})
    if document is None:
        raise NotFound("version-unknown")
    return AGENDA_VERSIONS.read(document)


async def list_versions(mongo: Mongo, event_id: str, limit: int, cursor: str | None) -> Page[AgendaVersionInBrief]:
    """Read a page of the versions of an agenda, in their order, without their placements."""
    return await page(mongo[AGENDA_VERSIONS.collection], {"event_id": event_id}, limit, cursor, _in_brief)


def _in_brief(document: Document) -> AgendaVersionInBrief:
    # The placements, thousands in each of 200 versions, are counted and not parsed.
    counts = {"placed": len(document["placements"]), "unplaced": len(document["unplaced"])}
    fields = AgendaVersionInBrief.model_fields.keys() - counts.keys()
    return AgendaVersionInBrief(**{name: document[name] for name in fields}, **counts)
