"""What this service knows of others: districts, members, and who was introduced to whom."""

from collections.abc import Iterable

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document, Mongo
from shared.chassis.projections.projection import Projection
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.matching import InterestExpressed, IntroductionMade
from shared.contracts.registry import DistrictOpened, MemberApplied, MemberApproved, MemberRefused, MemberWithdrawn

_MEMBER_STATUS: dict[type[DomainEvent], str] = {
    MemberApproved: "approved",
    MemberRefused: "refused",
    MemberWithdrawn: "withdrawn",
}


def fold_district(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document | None:
    """Keep a district's name."""
    return {"name": event.name.model_dump()} if isinstance(event, DistrictOpened) else document


def fold_member(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document | None:
    """Keep who a member is and whether it is approved; what it offers and needs is not of interest here."""
    if isinstance(event, MemberApplied):
        return {"name": event.name, "kind": event.kind, "status": "applied", "districts": list(event.districts)}
    if document is not None and type(event) in _MEMBER_STATUS:
        return {**document, "status": _MEMBER_STATUS[type(event)]}
    return document


def fold_introduction(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document | None:
    """Keep which two members, in which mode, and whether they were introduced yet."""
    if isinstance(event, IntroductionMade):
        return {"members": sorted(event.members), "mode": event.mode, "introduced": True}
    if document is None and isinstance(event, InterestExpressed):
        return {"members": sorted((event.by, event.towards)), "mode": event.mode, "introduced": False}
    return document


DISTRICTS = Projection("events.districts", (topics.DISTRICTS,), "districts", fold_district)
MEMBERS = Projection("events.members", (topics.MEMBERS,), "members", fold_member)
INTRODUCTIONS = Projection("events.introductions", (topics.INTRODUCTIONS,), "introductions", fold_introduction)


async def known_districts(mongo: Mongo) -> set[str]:
    """Read the ids of the districts known here."""
    return set(await mongo[DISTRICTS.collection].distinct("_id"))


async def names(mongo: Mongo, members: Iterable[str]) -> dict[str, str]:
    """Read the names of members; one not known here is absent."""
    found = mongo[MEMBERS.collection].find({"_id": {"$in": list(members)}}, {"name": 1})
    return {document["_id"]: document["name"] async for document in found}
