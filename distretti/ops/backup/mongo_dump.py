"""Saves and restores databases: every collection that a restored system needs, with its indexes, from one snapshot per database."""

import asyncio
import json
from pathlib import Path
from typing import Any

from bson import json_util
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from distretti.devstack.private_directory import make_private
from distretti.ops.backup.errors import RestoreError
from distretti.ops.backup.files import MOST_IN_BATCH, Writer, batches
from distretti.ops.backup.manifest import Collection, collection_file
from shared.chassis.inbox.topic_ids import TOPIC_IDS
from shared.chassis.mongo import Mongo
from shared.chassis.progress import Advance
from shared.chassis.workers.lease import LEASES

RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
CANONICAL = json_util.CANONICAL_JSON_OPTIONS


async def saved_collections(store: Mongo) -> list[str]:
    """Names of the collections to save. Leases and ids of topics are left out: a restore has other holders and topics."""
    names = await store.database.list_collection_names(filter={"type": "collection"})
    return sorted(name for name in names if name not in (LEASES, TOPIC_IDS) and not name.startswith("system."))


async def save_database(
    service: str, store: Mongo, directory: Path, checksums: dict[Path, str], step: Advance
) -> tuple[dict[str, Collection], int]:
    """Save a service's database; return its manifest entry and size in bytes. Adds the checksums to `checksums`."""
    saved: dict[str, Collection] = {}
    total = 0
    make_private(directory / "databases" / service)
    async with store.snapshot() as session:
        for name in await saved_collections(store):
            path = collection_file(directory, service, name)
            writer = Writer(path)
            cursor: Any = store[name].with_options(codec_options=RAW).find({}, session=session, batch_size=MOST_IN_BATCH)
            while documents := await cursor.to_list(MOST_IN_BATCH):
                await asyncio.to_thread(writer.write, [document.raw for document in documents])
                step(len(documents))
            checksums[path], size = await asyncio.to_thread(writer.close)
            indexes = [json.loads(json_util.dumps(index, json_options=CANONICAL)) async for index in store[name].list_indexes()]
            saved[name] = Collection(documents=writer.count, indexes=indexes)
            total += size
    return saved, total


async def restore_database(service: str, store: Mongo, saved: dict[str, Collection], directory: Path, step: Advance) -> None:
    """Restore a service's database. Raises RestoreError where documents are missing afterwards."""
    present = await store.database.list_collection_names()
    for name, collection in saved.items():
        if name not in present:
            await store.database.create_collection(name)
        reading = batches(collection_file(directory, service, name))
        while batch := await asyncio.to_thread(next, reading, None):
            documents: list[Any] = [RawBSONDocument(raw) for raw in batch]
            await store[name].with_options(codec_options=RAW).insert_many(documents, ordered=False)
            step(len(batch))
        # Counted before indexes are created: a TTL index starts to delete documents at once.
        if (count := await store[name].count_documents({})) != collection.documents:
            mismatch = f"{service}.{name} has {count} documents, the backup {collection.documents}"
            raise RestoreError(f"{mismatch}: repeat the restore on an empty system.")
        indexes = [json_util.loads(json.dumps(index), json_options=CANONICAL) for index in collection.indexes]
        if missing := [index for index in indexes if index["name"] != "_id_"]:
            await store.database.command({"createIndexes": name, "indexes": missing, "writeConcern": {"w": "majority"}})
