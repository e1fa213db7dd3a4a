"""A backup saves databases and topics exactly, and reasons why there is none."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import RecordsToDelete
from bson import Binary, Decimal128, Int64, ObjectId

from distretti.ops.backup.connections import System, connected
from distretti.ops.backup.create import back_up, copy_system
from distretti.ops.backup.errors import BackupError, NotEmpty, NotQuiescent
from distretti.ops.backup.manifest import Manifest, read_checked, seal
from distretti.ops.backup.read_only_lease import read_only
from distretti.ops.backup.restore import restore
from shared.chassis.config import Settings
from shared.chassis.dead_letters.entries import entries
from shared.chassis.dead_letters.operator_actions import ACTIONS, request_action, was_dropped
from shared.chassis.http.read_only_mode import READ_ONLY_LEASE
from shared.chassis.inbox.held_events import WAITING, hold_undecodable
from shared.chassis.inbox.message import Record
from shared.chassis.kafka.topics import create_topics
from shared.chassis.mongo import Document, Mongo
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.workers.lease import LEASES
from shared.contracts.topics import CONTACTS, MEMBERS, Topic
from tests.system.faults.publish_raw import put

NOW = datetime(2026, 11, 22, 10, 30, 15, 123000, tzinfo=UTC)
ODD: list[Document] = [
    {"_id": "plain", "z": 1, "a": {"deep": [1, 2.5, None, True]}, "when": NOW},
    {"_id": ObjectId(), "long": Int64(1), "exact": Decimal128("0.10"), "bytes": Binary(b"\x00\xff", 5)},
    {"_id": {"of": "two", "parts": 2}, "text": "perché \u0000 no", "sent": NOW},
]
INDEXES: list[tuple[list[tuple[str, int]], dict[str, Any]]] = [
    ([("sent", 1)], {"expireAfterSeconds": 10**9}),
    ([("z", 1), ("when", -1)], {"unique": True, "partialFilterExpression": {"z": {"$gt": Int64(0)}}}),
]


def quiet(_name: str, _steps: int) -> Any:
    return lambda _done: None


async def copied(settings: Settings, directory: Path) -> Manifest:
    """Copy a system as it is, and seal it."""
    async with connected(settings) as system:
        copy = await copy_system(system, await system.ends(), directory, quiet, lambda: None)
        manifest = await copy.manifest(system, NOW, 0)
    seal(directory, manifest, copy.checksums)
    return await read_checked(directory)


async def contents(store: Mongo, name: str) -> tuple[list[Document], list[Document]]:
    documents = await store[name].find().sort("_id", 1).to_list(None)
    return documents, [dict(index) async for index in store[name].list_indexes()]


async def records(system: System, topic: Topic, partition: int) -> list[tuple[Any, ...]]:
    place = TopicPartition(system.settings.named(topic.name), partition)
    end = (await system.kafka.end_offsets([place]))[place]
    system.kafka.assign([place])
    system.kafka.seek(place, (await system.kafka.beginning_offsets([place]))[place])
    fetched: list[Any] = []
    while await system.kafka.position(place) < end:
        fetched += (await system.kafka.getmany(place, timeout_ms=1000)).get(place, [])
    return [(record.key, record.value, record.headers, record.timestamp) for record in fetched]


async def test_every_document_and_record_comes_back_as_it_was(settings: Settings, tmp_path: Path) -> None:
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    milliseconds = int(NOW.timestamp() * 1000)
    await put(settings, MEMBERS, 4, b"gone", b"gone", [])
    offset = await put(settings, MEMBERS, 4, None, b"\xff\x00", [("ce_id", None), ("", b""), ("twice", b"1"), ("twice", b"\xfe")])
    await put(settings, MEMBERS, 4, b"k", b"x" * 900_000, [], milliseconds)
    await put(settings, CONTACTS, 1, b"erased", None, [("ce_subject", b"erased")], milliseconds - 10**10)
    async with connected(settings) as system:
        place = TopicPartition(settings.named(MEMBERS.name), 4)
        await system.admin.delete_records({place: RecordsToDelete(before_offset=offset)})
        store = system.stores["registry"]
        await store["odd"].insert_many(ODD)
        for keys, options in INDEXES:
            await store["odd"].create_index(keys, **options)
        await store[LEASES].insert_one({"_id": "relay", "holder": "somebody", "until": NOW})
        for consumer in ("registry.odd", "registry.dropped"):
            await hold_undecodable(store, consumer, Record(MEMBERS.name, 4, offset, None, (), b""), "odd", NOW)
        dropped = await store[WAITING].find_one_and_delete({"consumer": "registry.dropped"})
        [entry] = await entries(store)
        await request_action(store, "look", replace(entry, consumer="registry.dropped"), dropped, "who", "why", NOW)
        await store[ACTIONS].update_one({}, {"$set": {"outcome": "dropped"}})
        expected = await contents(store, "odd"), await records(system, MEMBERS, 4), await records(system, CONTACTS, 1)
    manifest = await copied(settings, tmp_path / "backup")

    target = settings.model_copy(update={"namespace": f"{settings.namespace}b"})
    await restore(target, tmp_path / "backup", manifest, quiet)

    async with connected(target) as system:
        store = system.stores["registry"]
        assert (await contents(store, "odd"), await records(system, MEMBERS, 4), await records(system, CONTACTS, 1)) == expected
        assert len(expected[1]) == 2
        assert await store[LEASES].find_one() is None
        # Its offset is another, since the record before it is no longer on the topic; its dead letter has the new offset.
        dead_letters = await store[WAITING].find().to_list(None)
        assert [(letter["_id"], letter["record"]["offset"]) for letter in dead_letters] == [
            ("registry.odd|registry.members|4@0", 0)
        ]
        assert await was_dropped(store, "registry.dropped|registry.members|4@0")
    with pytest.raises(NotEmpty, match="odd"):
        await restore(target, tmp_path / "backup", manifest, quiet)


async def test_pending_work_is_named_and_the_system_is_read_write_afterwards(settings: Settings, tmp_path: Path) -> None:
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    await put(settings, MEMBERS, 0, b"m", b"{}", [])
    async with connected(settings) as system:
        await system.stores["registry"][OUTBOX].insert_one({"_id": "1", "status": "unsent"})
        with pytest.raises(NotQuiescent) as refused:
            await back_up(settings, tmp_path / "backup", quiet, patience=1)
        assert "registry has 1 events yet to send" in str(refused.value)
        assert "matching.members has 1 events yet to apply" in str(refused.value)
        for store in system.stores.values():
            assert await store[LEASES].find_one({"_id": READ_ONLY_LEASE}) is None
    assert os.listdir(tmp_path) == []


async def test_one_backup_at_a_time(settings: Settings, tmp_path: Path) -> None:
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    async with connected(settings) as system, read_only(list(system.stores.values())):
        with pytest.raises(BackupError, match="Another backup"):
            await back_up(settings, tmp_path / "backup", quiet)
        assert await system.stores["registry"][LEASES].find_one({"_id": READ_ONLY_LEASE})
