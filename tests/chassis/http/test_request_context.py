"""The correlation of a request with its events."""

import asyncio

from aiokafka import AIOKafkaConsumer

from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from shared.contracts.topics import MEMBERS
from tests.chassis.registry_service import registry
from tests.registry.factories import application


async def test_a_correlation_id_goes_from_the_request_to_the_event(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (_, http, operator):
        named = await http.post("/v1/members", json=application(), headers=operator | {"X-Correlation-Id": "order-66"})
        assert named.headers["x-correlation-id"] == "order-66"
        path = f"/v1/members/{named.json()['id']}/approve"
        strange = await http.post(path, headers=operator | {"X-Correlation-Id": "a b\tc"})
        made = strange.headers["x-correlation-id"]
        assert made != "a b\tc"
        refused = await http.get("/v1/nowhere", headers={"X-Correlation-Id": "lost"})
        assert refused.headers["x-correlation-id"] == "lost"

        consumer = AIOKafkaConsumer(
            settings.named(MEMBERS.name), bootstrap_servers=settings.kafka_bootstrap, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            async with asyncio.timeout(20):
                headers_of_events = [dict((await consumer.getone()).headers) for _ in range(2)]
        finally:
            await consumer.stop()
        assert [headers["ce_correlationid"].decode() for headers in headers_of_events] == ["order-66", made]
        assert headers_of_events[0]["ce_district"] == b"marble"
