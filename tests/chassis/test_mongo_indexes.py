"""Collections and indexes are made once, however many replicas start at the same moment, and follow the settings."""

import asyncio

import pytest

from shared.chassis.config import Settings
from shared.chassis.mongo import Index, Mongo, PyMongoError, ensure_indexes
from shared.chassis.outbox.outbox import OUTBOX, outbox_indexes


async def test_replicas_that_start_together_make_the_collections_once(settings: Settings) -> None:
    first: list[Index] = [([("a", 1)], {})]
    indexes = {f"things-{number}": first for number in range(8)}
    replicas = [Mongo(settings.mongo_url, settings.named("together"), 10) for _ in range(6)]

    await asyncio.gather(*(ensure_indexes(replica, indexes) for replica in replicas))

    assert set(await replicas[0].database.list_collection_names()) == set(indexes)
    assert set(await replicas[0]["things-0"].index_information()) == {"_id_", "a_1"}
    for replica in replicas:
        replica.close()


async def test_a_changed_setting_changes_how_long_documents_live(settings: Settings) -> None:
    mongo = Mongo(settings.mongo_url, settings.named("changed"), 10)
    for days in (7, 2.5):
        await ensure_indexes(mongo, {OUTBOX: outbox_indexes(days)})
        assert (await mongo[OUTBOX].index_information())["sent_1"]["expireAfterSeconds"] == days * 86_400
    with pytest.raises(PyMongoError):
        await ensure_indexes(mongo, {OUTBOX: [([("sent", 1)], {"unique": True})]})
    mongo.close()
