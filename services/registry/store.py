"""What the registry keeps: three kinds of aggregates, and the queries on them."""

from typing import Any

from services.registry import rules
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import Principal
from shared.chassis.mongo import ASCENDING, Document, Index, Mongo
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

DISTRICT: Aggregate[rules.District] = Aggregate("district", topics.DISTRICTS, "districts", rules.evolve_district)
MEMBER: Aggregate[rules.Member] = Aggregate(
    "member", topics.MEMBERS, "members", rules.evolve_member, rules.identity_claims, revision=2
)
CONTACT: Aggregate[rules.Contact] = Aggregate("contact", topics.CONTACTS, "contacts", rules.evolve_contact)

INDEXES: dict[str, list[Index]] = {
    MEMBER.collection: [
        ([("state.status", ASCENDING), ("state.kind", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.districts", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.identifiers.value", ASCENDING)], {}),
    ]
}


async def known_districts(mongo: Mongo) -> set[str]:
    """Read the ids of the districts that are open."""
    return set(await mongo[DISTRICT.collection].distinct("_id"))


async def member(mongo: Mongo, id: str) -> Document:
    """Read a member. Raises NotFound."""
    found = await mongo[MEMBER.collection].find_one({"_id": id})
    if found is None:
        raise NotFound("member-unknown", it="Non c'è nessun membro con questo id.", en="There is no member by this id.")
    return found


def seen_by(who: Principal, document: Document) -> dict[str, Any]:
    """Show a member as `who` may see it: what is for the district stays in the district, what is for members with members."""
    state = document["state"]
    visible = {"public"}
    if who.roles & {"member", "manager", "operator"}:
        visible.add("network")
        if who.acts_for(document["_id"]) or who.districts & set(state["districts"]):
            visible.add("district")
    parts = {name: {id: part for id, part in state[name].items() if part["visibility"] in visible} for name in ("offers", "needs")}
    return {"id": document["_id"], "version": document["version"], **state, **parts}
