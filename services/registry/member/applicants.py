"""Who applied for whom: a ledger of subjects, so that an applicant without a member of its own yet can follow what it sent."""

from collections.abc import Sequence

from services.registry.identity.rules import common_claim, exclusive_claims, shared_claims
from services.registry.member.aggregate import MEMBER
from services.registry.member.queries import current_members_with
from services.registry.member.state import Member
from shared.chassis.errors import Claimed
from shared.chassis.mongo import ASCENDING, Conflict, Index, Mongo, Session, duplicate_as
from shared.chassis.writes.aggregate import Stored, Written
from shared.chassis.writes.queries import find_by_ids
from shared.chassis.writes.write_path import Alongside

APPLICANTS = "applicants"
SENDERS = "application_senders"
"""By subject, how many applications it sent: what two of its applications at once write both."""
INDEXES: dict[str, list[Index]] = {APPLICANTS: [([("subject", ASCENDING), ("claims", ASCENDING)], {})], SENDERS: []}


async def is_applicant(mongo: Mongo, subject: str, member: str) -> bool:
    """Whether this subject sent the application that the member began with."""
    return await mongo[APPLICANTS].count_documents({"_id": member, "subject": subject}, limit=1) > 0


def recorded_applicant(mongo: Mongo, subject: str) -> Alongside:
    """Record, in the transaction of an application, who sent it.

    Raises Claimed where a member has one of its identifiers, or another application of the same subject that is not decided yet.
    Applications of others are not looked at: they block nobody, and are disclosed to nobody.
    """

    async def insert(session: Session, written: Written[Member]) -> None:
        await _in_turn(mongo, subject, session)
        claims = sorted({*exclusive_claims(written.state.identifiers), *shared_claims(written.state.identifiers)})
        for candidate in [*await current_members_with(mongo, written.state), *await undecided_with(mongo, subject, claims)]:
            if (claim := common_claim(written.state.identifiers, candidate.state.identifiers)) is not None:
                raise Claimed(claim, candidate.id)
        record = {"_id": written.id, "subject": subject, "applied": written.changed, "claims": claims}
        await mongo[APPLICANTS].insert_one(record, session=session)

    return insert


async def _in_turn(mongo: Mongo, subject: str, session: Session) -> None:
    """Let a transaction lose against another of the same subject: neither would see what the other applies for. Raises Conflict."""
    with duplicate_as(Conflict):
        await mongo[SENDERS].update_one({"_id": subject}, {"$inc": {"sent": 1}}, upsert=True, session=session)


async def undecided_with(mongo: Mongo, subject: str, claims: Sequence[str]) -> list[Stored[Member]]:
    """The undecided applications of a subject that have one of these identifiers: of thousands, no others are read."""
    ids = await mongo[APPLICANTS].distinct("_id", {"subject": subject, "claims": {"$in": list(claims)}})
    return await find_by_ids(mongo, MEMBER, ids, {"state.status": "applied"})
