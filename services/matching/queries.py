"""What several features read: members and districts."""

from collections.abc import AsyncIterator, Collection

from services.matching.projections.brokerage_events import DISTRICTS
from services.matching.projections.members import MEMBERS, MemberRow, NeedRow, OfferRow
from services.matching.ranking import Member, Need, Offer, Round, Ticket
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Document, Mongo, Session


def member_of(id: str, row: MemberRow) -> Member:
    """Make the ranking's member of a row, with offers and needs in the order of their ids."""
    return Member(
        id=id,
        name=row.name,
        kind=row.kind,
        districts=frozenset(row.districts),
        topics=frozenset(row.profile.topics),
        country=row.place.country,
        nuts3=row.place.nuts3,
        city=row.place.city or "",
        summary=row.profile.summary,
        language=row.profile.language,
        offers=tuple(_offer(key, offer) for key, offer in sorted(row.offers.items())),
        needs=tuple(_need(key, need) for key, need in sorted(row.needs.items())),
        approved=row.status == "approved",
        ateco=row.profile.ateco,
    )


def _offer(id: str, row: OfferRow) -> Offer:
    ticket = Ticket(row.ticket.stages, row.ticket.minimum, row.ticket.maximum) if row.ticket else None
    return Offer(
        id, row.nature, row.title, row.text, row.language, row.topics, row.trl, row.visibility, ticket, row.ipr, row.facility
    )


def _need(id: str, row: NeedRow) -> Need:
    terms = Round(row.round.stage, row.round.amount) if row.round else None
    return Need(id, row.nature, row.title, row.text, row.language, row.topics, row.trl, row.visibility, terms, row.facility)


def parse_member(document: Document) -> Member:
    """Parse a document of the members' projection: some 12 µs."""
    return member_of(document["_id"], MEMBERS.read(document))


async def approved_member(mongo: Mongo, id: str) -> Member:
    """Read an approved member. Raises NotFound, also while its approval has not been received yet."""
    async for member in approved_members(mongo, [id]):
        return member
    raise NotFound("member-unknown", id=id)


async def require_known_member(mongo: Mongo, id: str) -> None:
    """Raise NotFound for a member of which nothing has been received, whatever its status."""
    if await mongo[MEMBERS.collection].count_documents({"_id": id}, limit=1) == 0:
        raise NotFound("member-unknown", id=id)


async def approved_members(
    mongo: Mongo, ids: Collection[str] | None = None, session: Session | None = None
) -> AsyncIterator[Member]:
    """Read the approved ones of some members, or all approved members."""
    query: Document = {"status": "approved"} if ids is None else {"_id": {"$in": list(ids)}, "status": "approved"}
    async for document in mongo[MEMBERS.collection].find(query, session=session):
        yield parse_member(document)


async def approved_by_id(mongo: Mongo, ids: Collection[str]) -> dict[str, Member]:
    """Read the approved ones of some members, by id."""
    return {member.id: member async for member in approved_members(mongo, ids)}


async def is_district(mongo: Mongo, id: str) -> bool:
    """Whether a district by this id was opened."""
    return await mongo[DISTRICTS.collection].count_documents({"_id": id}, limit=1) > 0


async def district_ids(mongo: Mongo) -> list[str]:
    """List the districts by id."""
    return sorted(await mongo[DISTRICTS.collection].distinct("_id"))


async def require_district(mongo: Mongo, id: str) -> None:
    """Raise NotFound unless a district by this id was opened."""
    if not await is_district(mongo, id):
        raise NotFound("district-unknown", district=id)
