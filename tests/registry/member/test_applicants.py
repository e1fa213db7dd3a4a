"""What a subject applied for is found by its identifiers, however much else it applied for."""

from services.registry.member.applicants import APPLICANTS, undecided_with
from tests.registry.conftest import Registry

PIC, LEI = {"scheme": "pic", "value": "999470541"}, {"scheme": "lei", "value": "815600EAD78C57FCE690"}


async def test_undecided_applications_of_a_subject_are_found_by_an_identifier(registry: Registry) -> None:
    mongo = registry.runtime.mongo
    await registry.apply()
    member = await registry.apply(identifiers=[PIC, LEI])
    [subject] = await mongo[APPLICANTS].distinct("subject")

    async def having(*claims: str) -> list[str]:
        return [application.id for application in await undecided_with(mongo, subject, claims)]

    assert await having("pic:999470541", "pic:1") == [member]
    assert await having("lei:815600EAD78C57FCE690") == [member]
    assert await having("pic:1") == []
    assert await undecided_with(mongo, "somebody else", ["pic:999470541"]) == []
    await registry.http.post(f"/v1/members/{member}/refuse", json={"reason": "x"}, headers=registry.operator)
    assert await having("pic:999470541") == []
