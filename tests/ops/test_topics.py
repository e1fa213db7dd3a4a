"""`distretti topics accept`, on the stores of all services."""

import pytest

from distretti.ops.backup.connections import connected
from distretti.ops.topics import Accepted, NoSuchTopic, accept_topic
from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.inbox.topic_ids import TOPIC_IDS, known_ids
from shared.chassis.kafka.topics import create_topics
from shared.contracts.topics import MEMBERS


async def test_it_is_accepted_where_another_was_known_and_forgets_what_was_of_that_topic_alone(settings: Settings) -> None:
    with pytest.raises(NoSuchTopic, match="create it first"):
        await accept_topic(settings, MEMBERS.name, "keep", "somebody", "a test")
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    async with connected(settings) as system:
        matching, events = system.stores["matching"], system.stores["events"]
        for store in (matching, events):
            await store[TOPIC_IDS].insert_one({"_id": MEMBERS.name, "topic_id": "another"})
        streams = ("matching.members|registry.members|m", "matching.other|registry.members-archive|m", "x|registry.contacts|m")
        await matching[POSITIONS].insert_many([{"_id": stream, "sequence": 1} for stream in streams])
        await matching[WAITING].insert_many(
            [{"_id": name, "record": {"topic": name}} for name in (MEMBERS.name, "registry.contacts")]
        )

        accepted = await accept_topic(settings, MEMBERS.name, "forget", "somebody", "a test")

        assert accepted == [Accepted("events", 0, 0), Accepted("matching", 1, 1)]
        assert {entry["_id"] async for entry in matching[POSITIONS].find()} == set(streams[1:])
        assert [entry["_id"] async for entry in matching[WAITING].find()] == ["registry.contacts"]
        [record] = await matching[TOPIC_IDS].find().to_list(None)
        assert (record["who"], record["why"], record["positions"]) == ("somebody", "a test", "forget")
        assert record["earlier"][0]["topic_id"] == "another"
        assert await known_ids(matching) == await known_ids(events) != {MEMBERS.name: "another"}
    assert await accept_topic(settings, MEMBERS.name, "keep", "somebody", "again") == []
    with pytest.raises(NoSuchTopic, match=r"registry\.members"):
        await accept_topic(settings, "registry.member", "keep", "somebody", "a test")
