"""Members as they are stored."""

from services.registry.member.rules import are_distinct, identity_claims, shared_identity_claims
from services.registry.member.state import Member, evolve
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

MEMBER = Aggregate(
    "member",
    topics.MEMBERS,
    "members",
    evolve,
    identity_claims,
    revision=4,
    state=Member,
    shared_claims=shared_identity_claims,
    distinct=are_distinct,
)

INDEXES: dict[str, list[Index]] = {
    MEMBER.collection: [
        ([("state.status", ASCENDING), ("state.kind", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.districts", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.identifiers.value", ASCENDING)], {}),
    ]
}
