"""What this service knows of others: districts, members, and who was introduced to whom."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from services.events.rows import ContactLanguage, District, Introduction, Member, MemberStatus
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Mongo
from shared.chassis.projections.projection import Projection
from shared.contracts import topics
from shared.contracts.base import DomainEvent, Language
from shared.contracts.matching import InterestExpressed, IntroductionMade
from shared.contracts.registry import ContactRecorded, DistrictOpened, MemberApplied, MemberApproved, MemberRefused, MemberWithdrawn

STATUS_AFTER: Final[dict[type[DomainEvent], MemberStatus]] = {
    MemberApproved: "approved",
    MemberRefused: "refused",
    MemberWithdrawn: "withdrawn",
}


def fold_district(_id: str, district: District | None, _received: Received, event: DomainEvent) -> District | None:
    """Keep a district's name."""
    return District(event.name) if isinstance(event, DistrictOpened) else district


def fold_member(_id: str, member: Member | None, _received: Received, event: DomainEvent) -> Member | None:
    """Keep who a member is, and its status."""
    if isinstance(event, MemberApplied):
        return Member(event.name, event.kind, "applied", event.districts)
    if member is not None and type(event) in STATUS_AFTER:
        return replace(member, status=STATUS_AFTER[type(event)])
    return member


def fold_introduction(_id: str, row: Introduction | None, _received: Received, event: DomainEvent) -> Introduction | None:
    """Keep which two members, in which mode, and whether they were introduced yet."""
    if isinstance(event, IntroductionMade):
        return Introduction(tuple(sorted(event.members)), event.mode, introduced=True)
    if row is None and isinstance(event, InterestExpressed):
        return Introduction(tuple(sorted((event.by, event.towards))), event.mode, introduced=False)
    return row


def fold_contact_language(_id: str, row: ContactLanguage | None, _received: Received, event: DomainEvent) -> ContactLanguage | None:
    """Keep the language of the newest contact."""
    return ContactLanguage(event.language) if isinstance(event, ContactRecorded) else row


DISTRICTS = Projection("events.districts", (topics.DISTRICTS,), "districts", fold_district, row=District)
MEMBERS = Projection("events.members", (topics.MEMBERS,), "members", fold_member, row=Member)
INTRODUCTIONS = Projection("events.introductions", (topics.INTRODUCTIONS,), "introductions", fold_introduction, row=Introduction)

CONTACT_LANGUAGES = Projection(
    "events.contact_languages", (topics.CONTACTS,), "contact_languages", fold_contact_language, row=ContactLanguage
)


async def contact_language(mongo: Mongo, member: str) -> Language | None:
    """Read the language of a member's contact; None where none is known here."""
    document = await mongo[CONTACT_LANGUAGES.collection].find_one({"_id": member})
    return None if document is None else CONTACT_LANGUAGES.read(document).language


async def known_districts(mongo: Mongo) -> set[str]:
    """Read the ids of the districts known here."""
    return set(await mongo[DISTRICTS.collection].distinct("_id"))


async def find_member(mongo: Mongo, id: str) -> Member | None:
    """Read a member; None for one not known here."""
    return (await members_by_id(mongo, [id])).get(id)


async def find_introduction(mongo: Mongo, id: str) -> Introduction | None:
    """Read an introduction; None for one not known here."""
    document = await mongo[INTRODUCTIONS.collection].find_one({"_id": id})
    return None if document is None else INTRODUCTIONS.read(document)


async def members_by_id(mongo: Mongo, ids: Iterable[str]) -> dict[str, Member]:
    """Read members; one not known here is absent."""
    documents = mongo[MEMBERS.collection].find({"_id": {"$in": list(ids)}})
    return {document["_id"]: MEMBERS.read(document) async for document in documents}


async def withdrawn_members(mongo: Mongo, ids: Iterable[str]) -> set[str]:
    """Say which of these members have left the registry."""
    return set(await mongo[MEMBERS.collection].distinct("_id", {"_id": {"$in": list(ids)}, "status": "withdrawn"}))


async def approved_members(mongo: Mongo, ids: Iterable[str]) -> set[str]:
    """Say which of these are members that everybody may know: neither applicants nor former ones."""
    return set(await mongo[MEMBERS.collection].distinct("_id", {"_id": {"$in": sorted(ids)}, "status": "approved"}))


async def names(mongo: Mongo, members: Iterable[str]) -> dict[str, str]:
    """Read the names of members; one not known here is absent."""
    documents = mongo[MEMBERS.collection].find({"_id": {"$in": list(members)}}, {"name": 1})
    return {document["_id"]: document["name"] async for document in documents}
