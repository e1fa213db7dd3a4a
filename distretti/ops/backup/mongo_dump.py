"""Databases: every collection with its indexes, but leases; each database as it was at one moment."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bson import json_util
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from distretti.ops.backup.errors import RestoreError
from distretti.ops.backup.files import MOST_IN_BATCH, Writer, batches
from distretti.ops.backup.manifest import Collection, collection_file
from distretti.ops.backup.target_directory import make
from shared.chassis.mongo import Mongo
from shared.chassis.workers.lease import LEASES

Step = Callable[[int], None]
RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
AS_IT_IS = json_util.CANONICAL_JSON_OPTIONS


async def kept_collections(store: Mongo) -> list[str]:
    """List what is saved. Leases are not: who held them is gone when they would be restored."""
    names = await store.database.list_collection_names(filter={"type": "collection"})
    return sorted(name for name in names if name != LEASES and not name.startswith("system."))


async def save_database(
    service: str, store: Mongo, directory: Path, sums: dict[Path, str], step: Step
) -> tuple[dict[str, Collection], int]:
    """Save one service's database into `directory`; return what was saved, and its bytes. Adds the checksums to `sums`."""
    saved: dict[str, Collection] = {}
    total = 0
    make(directory / "databases" / service)
    async with store.snapshot() as session:
        for name in await kept_collections(store):
            path = collection_file(directory, service, name)
            writer = Writer(path)
            cursor: Any = store[name].with_options(codec_options=RAW).find({}, session=session, batch_size=MOST_IN_BATCH)
            while found := await cursor.to_list(MOST_IN_BATCH):
                await asyncio.to_thread(writer.write, [document.raw for document in found])
                step(len(found))
            sums[path], size = await asyncio.to_thread(writer.close)
            indexes = [json.loads(json_util.dumps(index, json_options=AS_IT_IS)) async for index in store[name].list_indexes()]
            saved[name] = Collection(documents=writer.count, indexes=indexes)
            total += size
    return saved, total


async def restore_database(service: str, store: Mongo, saved: dict[str, Collection], directory: Path, step: Step) -> None:
    """Load one service's database. Raises RestoreError where not every document arrived."""
    present = await store.database.list_collection_names()
    for name, collection in saved.items():
        if name not in present:
            await store.database.create_collection(name)
        reading = batches(collection_file(directory, service, name))
        while batch := await asyncio.to_thread(next, reading, None):
            documents: list[Any] = [RawBSONDocument(raw) for raw in batch]
            await store[name].with_options(codec_options=RAW).insert_many(documents, ordered=False)
            step(len(batch))
        # Counted before there are indexes: one that lets documents expire begins at once.
        if (count := await store[name].count_documents({})) != collection.documents:
            there = f"{service}.{name} has {count} documents, the backup {collection.documents}"
            raise RestoreError(f"{there}: start again on an empty system.")
        indexes = [json_util.loads(json.dumps(index), json_options=AS_IT_IS) for index in collection.indexes]
        if wanted := [index for index in indexes if index["name"] != "_id_"]:
            await store.database.command({"createIndexes": name, "indexes": wanted, "writeConcern": {"w": "majority"}})
