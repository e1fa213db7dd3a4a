"""Collections and indexes are made once, however many replicas start at the same moment."""

import asyncio

from shared.chassis.mongo import Index, Mongo, ensure_indexes
from shared.chassis.settings import Settings


async def test_replicas_that_start_together_make_the_collections_once(settings: Settings) -> None:
    one: list[Index] = [([("a", 1)], {})]
    wanted = {f"things-{number}": one for number in range(8)}
    replicas = [Mongo(settings.mongo_url, settings.named("together"), 10) for _ in range(6)]

    await asyncio.gather(*(ensure_indexes(replica, wanted) for replica in replicas))

    assert set(await replicas[0].database.list_collection_names()) == set(wanted)
    assert set(await replicas[0]["things-0"].index_information()) == {"_id_", "a_1"}
    for replica in replicas:
        replica.close()
