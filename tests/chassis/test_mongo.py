"""Transactions end, and collections and indexes are made once, however many replicas start at the same moment."""

import asyncio

import pytest

from shared.chassis.config import Settings
from shared.chassis.mongo import Index, Mongo, PyMongoError, Session, ensure_indexes, is_transient
from shared.chassis.outbox.outbox import OUTBOX, outbox_indexes
from tests.lib.services import eventually


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


async def test_a_transaction_left_open_ends_soon(settings: Settings) -> None:
    killed = Mongo(settings.mongo_url, settings.named("killed"), settings.mongo_timeout)
    successor = Mongo(settings.mongo_url, settings.named("killed"), settings.mongo_timeout)
    await successor["positions"].insert_one({"_id": "lane", "sequence": 0})
    session = await killed.database.client.start_session()
    session.start_transaction()
    await killed["positions"].update_one({"_id": "lane"}, {"$set": {"sequence": 1}}, session=session)

    async def advance(session: Session) -> bool:
        result = await successor["positions"].update_one({"_id": "lane"}, {"$set": {"sequence": 2}}, session=session)
        return result.matched_count == 1

    async def taken_over() -> bool:
        try:
            return await successor.transact(advance)
        except PyMongoError as error:
            if is_transient(error):
                return False
            raise

    assert not await taken_over()
    await eventually(taken_over, seconds=30)
    killed.close()
    successor.close()
