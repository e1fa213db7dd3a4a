"""Reading registrations."""

from collections.abc import Iterable

from services.events.projections import MEMBERS
from services.events.registration.aggregate import REGISTRATION
from shared.chassis.errors import NotFound
from shared.chassis.ids import computed_id
from shared.chassis.mongo import Document, Mongo


def registration_id(event: str, member: str) -> str:
    """Name the one registration of a member at an event."""
    return computed_id("registration", event, member)


async def registration(mongo: Mongo, event: str, member: str) -> Document:
    """Read the registration of somebody who takes part. Raises NotFound."""
    found = await mongo[REGISTRATION.collection].find_one({"_id": registration_id(event, member), "state.status": "registered"})
    if found is None:
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
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


async def labels(mongo: Mongo, event: str, members: Iterable[str]) -> dict[str, str]:
    """Read what the representatives of these members are called; one without a label is absent."""
    several = {
        "state.event_id": event,
        "state.member_id": {"$in": list(members)},
        "state.representatives.label": {"$type": "string"},
    }
    found = mongo[REGISTRATION.collection].find(several, {"state.member_id": 1, "state.representatives": 1})
    return {
        f"{one['state']['member_id']}:{representative['id']}": representative["label"]
        async for one in found
        for representative in one["state"]["representatives"]
        if representative["label"]
    }
