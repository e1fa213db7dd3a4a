"""The registry's aggregates and their indexes."""

from services.registry.identity import contradict
from services.registry.rules import identity_claims, shared_identity_claims
from services.registry.state import Contact, District, Member, evolve_contact, evolve_district, evolve_member
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

DISTRICT = Aggregate("district", topics.DISTRICTS, "districts", evolve_district, state=District)
MEMBER = Aggregate(
    "member",
    topics.MEMBERS,
    "members",
    evolve_member,
    identity_claims,
    revision=3,
    state=Member,
    shared_claims=shared_identity_claims,
    distinct=contradict,
)
CONTACT = Aggregate("contact", topics.CONTACTS, "contacts", evolve_contact, state=Contact)

INDEXES: dict[str, list[Index]] = {
    MEMBER.collection: [
        ([("state.status", ASCENDING), ("state.kind", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.districts", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.identifiers.value", ASCENDING)], {}),
    ]
}
