"""The audit on a real system: clean while it runs, and it finds whatever is altered by hand."""

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.audit.run import Audit, audit_service
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.contracts.registry import ContactRecorded
from shared.contracts.topics import CONTACTS
from tests.chassis.consumers.test_consumer import seen
from tests.chassis.sample_service import GREETER
from tests.lib.publish_event import feed
from tests.lib.services import bearer, serving
from tests.registry.factories import DISTRICT, application


async def audited(settings: Settings) -> Audit:
    audit = Audit()
    services: tuple[Service, ...] = (REGISTRY, GREETER)
    for service in services:
        await audit_service(service, settings, audit)
    return audit


async def differing(settings: Settings) -> set[tuple[str, str]]:
    return {(difference.kind, difference.id) for difference in (await audited(settings)).differences}


async def test_the_audit_is_clean_and_finds_what_is_altered(settings: Settings, issuer: Issuer) -> None:
    async with serving(REGISTRY, settings) as (registry, http), serving(GREETER, settings) as (consuming, _):
        operator = bearer(issuer, "operator")
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        ids = []
        for number in range(12):
            body = application(identifiers=[{"scheme": "pic", "value": f"1000000{number:02}"}])
            ids.append((await http.post("/v1/members", json=body, headers=operator)).json()["id"])
            await http.post(f"/v1/members/{ids[-1]}/approve", headers=operator)
        for id in ids:
            await seen(consuming, id, 2)
        clean = await audited(settings)
        assert (clean.differences, clean.projections) == ([], 12)
        assert clean.aggregates >= 13
        await spoil(registry, consuming, ids)
        assert await differing(settings) == {
            ("aggregate", ids[0]),
            ("aggregate", ids[1]),
            ("projection", ids[2]),
            ("projection", ids[3]),
            ("claim", "pic:100000004"),
            ("claim", "pic:999999999"),
            ("claim", "pic:100000001"),
        }


async def test_an_event_that_its_aggregate_never_had_is_found(settings: Settings, issuer: Issuer) -> None:
    """On a compacted topic nothing else would tell: there every newer event is taken."""
    async with serving(REGISTRY, settings) as (_, http):
        operator = bearer(issuer, "operator")
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        id = (await http.post("/v1/members", json=application(), headers=operator)).json()["id"]
        contact = {"name": "R", "email": "r@post.example", "language": "it"}
        (await http.put(f"/v1/members/{id}/contact", json=contact, headers=operator)).raise_for_status()
        assert (await audited(settings)).differences == []
        await feed(settings, CONTACTS, id, 999, ContactRecorded(member_id=id, **contact))
        (difference,) = (await audited(settings)).differences
        assert (difference.kind, difference.place, difference.id) == ("topic", "registry.contacts", id)
        assert difference.detail == "event 999 is on the topic, and its aggregate never had it"


async def spoil(registry: Runtime, consuming: Runtime, ids: list[str]) -> None:
    """Alter a state, delete a state, alter and delete a projected document, drop and invent a claim."""
    await registry.mongo["members"].update_one({"_id": ids[0]}, {"$set": {"state.name": "altered by hand"}})
    await registry.mongo["members"].delete_one({"_id": ids[1]})
    await consuming.mongo["seen"].update_one({"_id": ids[2]}, {"$set": {"events": 9}})
    await consuming.mongo["seen"].delete_one({"_id": ids[3]})
    await registry.mongo["claims"].delete_one({"_id": "pic:100000004"})
    await registry.mongo["claims"].insert_one({"_id": "pic:999999999", "aggregate": "member", "holder": ids[5]})
