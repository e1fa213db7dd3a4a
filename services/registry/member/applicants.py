"""Who applied for whom: a ledger of subjects, so that an applicant without a member of its own yet can follow what it sent."""

from services.registry.identity.rules import common_claim
from services.registry.member.aggregate import MEMBER
from services.registry.member.queries import current_members_with
from services.registry.member.state import Member
from shared.chassis.errors import Claimed
from shared.chassis.mongo import ASCENDING, Index, Mongo, Session
from shared.chassis.writes.aggregate import Stored, Written
from shared.chassis.writes.queries import find_aggregates
from shared.chassis.writes.write_path import Alongside

APPLICANTS = "applicants"
INDEXES: dict[str, list[Index]] = {APPLICANTS: [([("subject", ASCENDING)], {})]}


async def is_applicant(mongo: Mongo, subject: str, member: str) -> bool:
    """Whether this subject sent the application that the member began with."""
    return await mongo[APPLICANTS].count_documents({"_id": member, "subject": subject}, limit=1) > 0


def recorded_applicant(mongo: Mongo, subject: str) -> Alongside:
    """Record, in the transaction of an application, who sent it.

    Raises Claimed where a member has one of its identifiers, or another application of the same subject that is not decided yet.
    Applications of others are not looked at: they block nobody, and are disclosed to nobody.
    """

    async def record(session: Session, written: Written[Member]) -> None:
        for candidate in [*await current_members_with(mongo, written.state), *await _undecided(mongo, subject)]:
            if (claim := common_claim(written.state.identifiers, candidate.state.identifiers)) is not None:
                raise Claimed(claim, candidate.id)
        await mongo[APPLICANTS].insert_one({"_id": written.id, "subject": subject, "applied": written.changed}, session=session)

    return record


async def _undecided(mongo: Mongo, subject: str) -> list[Stored[Member]]:
    ids = await mongo[APPLICANTS].distinct("_id", {"subject": subject})
    return await find_aggregates(mongo, MEMBER, {"_id": {"$in": ids}, "state.status": "applied"})
