"""Claims that several may share who are told apart: on a real MongoDB, with members that have a VAT number in common."""

import asyncio

from services.registry.member import rules
from services.registry.member.aggregate import MEMBER
from shared.chassis.audit.aggregates import audit_claims
from shared.chassis.config import Settings
from shared.chassis.errors import Claimed
from shared.chassis.outbox.cause import Cause
from shared.chassis.writes.aggregate import Written
from shared.chassis.writes.claims import CLAIMS, holders
from shared.chassis.writes.write_path import WritePath
from shared.contracts.registry import Identifier
from tests.chassis.write_path_fixture import applied, writing

CAUSE = Cause("test")
VAT = Identifier(scheme="vat", value="IT12345670017")


async def admit(write: WritePath, id: str, *identifiers: Identifier) -> Written[object] | Claimed:
    application = applied(id).model_copy(update={"identifiers": identifiers})
    try:
        return await write.execute(MEMBER, id, lambda state: rules.admit(state, application, {}, {}), CAUSE)
    except Claimed as claimed:
        return claimed


def fiscal_code(number: int) -> Identifier:
    return Identifier(scheme="fiscal-code", value=f"{number:011}")


async def held(write: WritePath, claim: str) -> set[str]:
    document = await write.mongo[CLAIMS].find_one({"_id": claim})
    return set(holders(document)) if document else set()


async def test_members_that_are_distinct_share_a_claim_and_the_audit_agrees(settings: Settings) -> None:
    async with writing(settings) as write:
        results = await asyncio.gather(*(admit(write, f"m{number}", VAT, fiscal_code(number)) for number in range(1, 11)))
        assert all(isinstance(result, Written) for result in results), results
        firms = {f"m{number}" for number in range(1, 11)}
        assert await held(write, "vat:IT12345670017") == firms
        await write.execute(MEMBER, "m1", lambda state: rules.withdraw(state, "moved"), CAUSE)
        assert await held(write, "vat:IT12345670017") == firms - {"m1"}
        assert await audit_claims("registry", write.mongo, (MEMBER,)) == []
        await write.mongo[CLAIMS].update_one({"_id": "vat:IT12345670017"}, {"$pull": {"holders": "m2"}})
        [difference] = await audit_claims("registry", write.mongo, (MEMBER,))
        assert difference.id == "vat:IT12345670017"


async def test_of_those_who_are_not_told_apart_one_holds_a_claim(settings: Settings) -> None:
    async with writing(settings) as write:
        applications = [admit(write, f"m{number}", VAT, *[fiscal_code(1)][: number % 2]) for number in range(20)]
        results = await asyncio.gather(*applications)
        [won] = [result for result in results if isinstance(result, Written)]
        assert {result.holder for result in results if isinstance(result, Claimed)} == {won.id}
        assert await held(write, "vat:IT12345670017") == {won.id}
        await write.execute(MEMBER, won.id, lambda state: rules.withdraw(state, "moved"), CAUSE)
        assert await write.mongo[CLAIMS].count_documents({}) == 0
