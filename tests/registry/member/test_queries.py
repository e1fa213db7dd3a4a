"""Members are found by kind, district and status; what is unknown is NotFound."""

import pytest

from services.registry.contact.queries import read_contact
from services.registry.district.queries import district_ids
from services.registry.member.queries import MemberFilter, list_members, read_member
from shared.chassis.errors import NotFound
from tests.registry.conftest import Registry
from tests.registry.factories import DISTRICT


async def test_members_are_found_by_every_criterion(registry: Registry) -> None:
    mongo = registry.runtime.mongo
    await registry.http.post("/v1/districts", json=DISTRICT | {"id": "fashion"}, headers=registry.operator)
    assert await district_ids(mongo) == {"marble", "fashion"}
    marble = await registry.apply()
    fashion = await registry.apply(districts=["fashion"], kind="large-firm", identifiers=[{"scheme": "pic", "value": "999470541"}])

    async def members(criteria: MemberFilter) -> list[str]:
        return (await list_members(mongo, criteria, 10, None, lambda member: member.id)).items

    assert await members(MemberFilter("applied", None, None)) == sorted([marble, fashion])
    assert await members(MemberFilter("applied", "large-firm", None)) == [fashion]
    assert await members(MemberFilter("applied", "large-firm", "marble")) == []
    assert await members(MemberFilter("applied", None, "marble")) == [marble]
    assert await members(MemberFilter("approved", None, None)) == []


async def test_an_unknown_member_has_no_contact(registry: Registry) -> None:
    for read in (read_member, read_contact):
        with pytest.raises(NotFound):
            await read(registry.runtime.mongo, "nobody")
