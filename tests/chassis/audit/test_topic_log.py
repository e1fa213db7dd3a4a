"""A log of a topic shows what is corrupt on it."""

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.config import Settings
from shared.contracts.registry import MemberApproved
from shared.contracts.topics import MEMBERS
from tests.chassis.audit.test_run import audited
from tests.chassis.consumers.test_consumer import seen
from tests.chassis.sample_service import GREETER
from tests.lib.publish_event import feed
from tests.lib.services import bearer, serving
from tests.registry.factories import DISTRICT, application


async def test_a_sequence_under_two_ids_is_found(settings: Settings, issuer: Issuer) -> None:
    async with serving(REGISTRY, settings) as (_, http), serving(GREETER, settings) as (consuming, _):
        operator = bearer(issuer, "operator")
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        id = (await http.post("/v1/members", json=application(), headers=operator)).json()["id"]
        await seen(consuming, id, 1)
        await feed(settings, MEMBERS, id, 1, MemberApproved())
        await feed(settings, MEMBERS, id, 2, MemberApproved())
        document = await seen(consuming, id, 2)
        assert document["name"] is not None
        differences = (await audited(settings)).differences
        details = sorted(difference.detail for difference in differences if difference.kind == "topic")
        assert [detail[:12] for detail in details] == ["event 2 is o", "two ids: " + id[:3]]
        assert details[1].startswith(f"two ids: {id} 1:")
