"""A member of a group hands its partitions over between two batches, and knows where it stands in them."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError

from shared.chassis.kafka.group_member import Membership
from shared.chassis.kafka.topic_reader import KafkaRecord

OWN, FOREIGN = TopicPartition("blue-registry.members", 0), TopicPartition("blue-registry.members", 1)


class Client:
    """As much of a consumer as a member asks."""

    def __init__(self) -> None:
        self.assigned = {OWN}
        self.commits: list[dict[TopicPartition, int]] = []
        self.refuses = False

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    def partitions_for_topic(self, _topic: str) -> set[int]:
        return {0, 1}

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.refuses:
            raise CommitFailedError
        self.commits.append(offsets)

    async def committed(self, _partition: TopicPartition) -> int:
        return 4

    async def end_offsets(self, partitions: set[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 10)


class Fetched:
    """As much of a record as a member asks."""

    def __init__(self, place: TopicPartition, offset: int) -> None:
        self.topic, self.partition, self.offset = *place, offset


def fetched(*places: tuple[TopicPartition, int]) -> Sequence[KafkaRecord]:
    return cast(Sequence[KafkaRecord], [Fetched(place, offset) for place, offset in places])


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def member(client: Client) -> Membership:
    return Membership("hearing.members", {"blue-registry.members": "registry.members"}, 0.05, lambda: cast(Any, client))


async def test_lag_is_counted_from_what_is_applied_else_from_what_is_committed(member: Membership) -> None:
    assert (await member.lag(), dict(member.partitions())) == (None, {})
    await member.on_partitions_assigned({OWN})
    assert (await member.lag(), dict(member.partitions())) == (6, {"registry.members": {0}})
    member.begin(fetched((OWN, 7), (OWN, 8)))
    assert await member.lag() == 3
    await member.commit(fetched((OWN, 7), (OWN, 8)))
    assert await member.lag() == 1


async def test_only_what_is_still_assigned_is_committed_and_a_failure_is_survived(member: Membership, client: Client) -> None:
    await member.commit(fetched((OWN, 7), (FOREIGN, 3)))
    assert client.commits == [{OWN: 8}]
    client.refuses = True
    await member.commit(fetched((OWN, 8)))


async def test_partitions_are_given_up_between_two_batches(member: Membership) -> None:
    await member.on_partitions_assigned({OWN})
    async with member.turn:
        leaving = asyncio.create_task(member.on_partitions_revoked({OWN}))
        while not member.leaving:
            await asyncio.sleep(0)
        assert not leaving.done()
    await leaving
    assert not member.turn.locked()
    assert await member.lag() is None


async def test_a_batch_that_does_not_end_is_waited_for_no_longer_than_patience(member: Membership) -> None:
    async with member.turn:
        await asyncio.wait_for(member.on_partitions_revoked({OWN}), 5)
        assert member.turn.locked()


async def test_a_member_that_loses_nothing_goes_on(member: Membership) -> None:
    await member.on_partitions_revoked(set())
    assert not member.leaving
