"""What a subject applied for is found by its identifiers, however much else it applied for."""

import asyncio

from services.registry.member.applicants import APPLICANTS, undecided_with
from tests.lib.services import bearer
from tests.registry.conftest import Registry
from tests.registry.factories import application

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


async def test_of_equal_applications_that_a_subject_sends_at_once_one_is_taken(registry: Registry) -> None:
    headers = bearer(registry.issuer, "member")
    answers = await asyncio.gather(*(registry.http.post("/v1/members", json=application(), headers=headers) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    distinct = await asyncio.gather(
        *(registry.http.post("/v1/members", json=application(identifiers=[id]), headers=headers) for id in (PIC, LEI))
    )
    assert [answer.status_code for answer in distinct] == [201, 201]
