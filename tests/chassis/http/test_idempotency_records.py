"""Idempotency records say little, are never taken for one another, and are so many for each caller."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import bson
import pytest

from distretti.devstack.token_issuer import Issuer
from services.registry.contact.aggregate import CONTACT
from shared.chassis.config import Settings
from shared.chassis.errors import TooManyRequests
from shared.chassis.http.idempotency import IDEMPOTENCY, IdempotencyRecords, KeyedRequest, digest, indexes
from shared.chassis.mongo import Mongo, ensure_indexes
from shared.chassis.outbox.outbox import OUTBOX
from tests.chassis.registry_service import registry, summary
from tests.lib.services import bearer
from tests.registry.factories import PROFILE, application


def test_a_digest_tells_apart_where_one_part_ends_and_the_next_begins() -> None:
    assert len({digest("s|x", "y"), digest("s", "x|y"), digest("s", "x", "y"), digest("s|x|y"), digest('s","x', "y")}) == 5
    assert digest("s", "x") == digest("s", "x")


async def test_a_record_is_small_and_names_nobody_whatever_was_sent_and_answered(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (runtime, http, operator):
        member = (await http.post("/v1/members", json=application(), headers=operator)).json()["id"]
        long = PROFILE | {"summary": "Lastre di marmo. " * 200}
        contact = {"name": "Rita Bianchi", "email": "rita@bianchi.example", "language": "it"}
        path = f"/v1/members/{member}"
        for number, (part, body) in enumerate((("contact", contact), ("profile", long), ("profile", long))):
            headers = operator | {"Idempotency-Key": f"Rita {number}"}
            first = await http.put(f"{path}/{part}", json=body, headers=headers)
            repeated = await http.put(f"{path}/{part}", json=body, headers=headers)
            assert (first.status_code, first.text, first.headers["etag"]) == (200, repeated.text, repeated.headers["etag"])
            assert ("idempotency-replayed" in first.headers, repeated.headers["idempotency-replayed"]) == (False, "true")
        records = await runtime.mongo[IDEMPOTENCY].find().to_list(None)
        assert len(records) == 3
        for record in records:
            assert len(bson.encode(record)) < 400
            assert not any(word in str(record) for word in ("Rita", "bianchi", "operator", "Lastre"))


async def test_a_repeat_is_refused_to_whoever_lost_the_right_and_where_nothing_is_left(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (runtime, http, operator):
        member = (await http.post("/v1/members", json=application(), headers=operator)).json()["id"]
        path, key = f"/v1/members/{member}", {"Idempotency-Key": "once"}
        manager, former = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "manager")
        assert (await http.post(f"{path}/approve", headers=manager | key)).is_success
        assert summary(await http.post(f"{path}/approve", headers=former | key)) == (403, "not-allowed", [])

        contact = {"name": "Rita", "email": "rita@x.example", "language": "it"}
        recorded = await http.put(f"{path}/contact", json=contact, headers=operator | key)
        await runtime.mongo[CONTACT.collection].delete_one({"_id": member})
        repeated = await http.put(f"{path}/contact", json=contact, headers=operator | key)
        assert summary(repeated) == (404, "repeated-removed", [])
        assert await runtime.mongo[OUTBOX].count_documents({"topic": CONTACT.topic.name}) == 1

        # What a record held before it held less is still its answer.
        old = {"status": 200, "version": 1, "body": recorded.content}
        await runtime.mongo[IDEMPOTENCY].update_many(
            {"aggregate": member}, {"$set": old, "$unset": {"aggregate": "", "caller": ""}}
        )
        repeated = await http.put(f"{path}/contact", json=contact, headers=operator | key)
        assert (repeated.status_code, repeated.text, repeated.headers["etag"]) == (200, recorded.text, '"1"')


async def test_beyond_its_keys_a_caller_waits_nothing_is_done_and_nobody_else_notices(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings.model_copy(update={"idempotency_keys": 2}), issuer) as (runtime, http, operator):
        member = (await http.post("/v1/members", json=application(), headers=operator)).json()["id"]

        async def revise(summary: str, headers: dict[str, str]) -> Any:
            return await http.put(f"/v1/members/{member}/profile", json=PROFILE | {"summary": summary}, headers=headers)

        for key in ("a", "b", "a", "b"):
            assert (await revise(key, operator | {"Idempotency-Key": key})).is_success
        refused = await revise("c", operator | {"Idempotency-Key": "c"})
        assert summary(refused) == (429, "too-many-keys", [])
        assert (
            settings.idempotency_hours * 3600 - 60 < int(refused.headers["retry-after"]) <= settings.idempotency_hours * 3600 + 60
        )
        repeated = await revise("b", operator | {"Idempotency-Key": "b"})
        assert (repeated.headers["idempotency-replayed"], repeated.json()["profile"]["summary"]) == ("true", "b")
        owner = bearer(issuer, "member", member) | {"Idempotency-Key": "c"}
        assert (await revise("of another", owner)).json()["version"] == 4
        assert (await revise("without a key", operator)).json()["version"] == 5
        assert await runtime.mongo[IDEMPOTENCY].count_documents({}) == 3


async def test_a_caller_s_records_are_counted_now_and_then_and_not_for_ever(settings: Settings) -> None:
    mongo = Mongo(settings.mongo_url, settings.named("records"), settings.mongo_timeout)
    await ensure_indexes(mongo, {IDEMPOTENCY: indexes(settings)})
    now = datetime(2027, 3, 10, 9, tzinfo=UTC)
    records = IdempotencyRecords(mongo, settings.model_copy(update={"idempotency_keys": 2}), lambda: now)
    for caller, id in (("anna", "1"), ("anna", "2"), ("bruno", "3")):
        await records.check(caller)
        await mongo.transact(partial(records.add, KeyedRequest(id, caller, "same"), "member"))
        records.added(caller)
    with pytest.raises(TooManyRequests) as refused:
        await records.check("anna")
    assert refused.value.retry_after == 48 * 3600 + 60
    await records.check("bruno")
    await mongo[IDEMPOTENCY].delete_one({"_id": "1"})
    with pytest.raises(TooManyRequests):
        await records.check("anna")
    now += timedelta(seconds=61)
    await records.check("anna")
    mongo.close()
