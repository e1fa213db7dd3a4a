"""Every projection comes to the same documents, however its topics are delivered: in memory, and on a real MongoDB."""

import asyncio
from collections.abc import Sequence
from typing import Any

from hypothesis import given

from distretti.ops.services import declarations
from shared.chassis.audit.compare import canonical, first_difference
from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received
from shared.chassis.projections.handler import ProjectionHandler
from shared.chassis.projections.projection import Projection
from tests.system.properties.event_histories import Batches, Disorder, disorders, histories, on, reached
from tests.system.properties.example_counts import examples
from tests.system.properties.in_memory_delivery import Ground, deliver, ground
from tests.system.properties.in_memory_fold import METRICS, Folder, folded
from tests.system.properties.in_memory_world import MORNING

PROJECTIONS = [projection for service in declarations() for projection in service.projections]


@examples(usual=40, extended=1000)
@given(histories(), disorders)
def test_any_delivery_folds_to_the_same_documents(history: list[Received], disorder: Disorder) -> None:
    for projection in PROJECTIONS:
        events = on(projection.topics, history)
        plain, mixed = folded(projection, [[event] for event in events]), folded(projection, disorder.of(events))
        assert plain.left() == mixed.left() == []
        assert plain.positions == mixed.positions == reached(events)
        assert plain.dirty == mixed.dirty
        assert first_difference(canonical(mixed.present_documents()), canonical(plain.present_documents())) is None


async def compare(ground: Ground, projection: Projection[Any], plain: Folder) -> None:
    """What is in the database is what was folded in plain order in memory, and nothing waits."""
    documents = {document["_id"]: document async for document in ground.mongo[projection.collection].find()}
    assert first_difference(canonical(documents), canonical(plain.present_documents())) is None
    assert await ground.positions(projection.name) == plain.positions
    assert await ground.waiting(projection.name) == []
    marks = {mark["_id"]: mark["by"] async for mark in ground.mongo["dirty"].find()}
    assert marks.keys() == plain.dirty.keys()


async def consume(ground: Ground, projection: Projection[Any], deliveries: Sequence[Batches]) -> None:
    """Apply deliveries to a projection, each by a consumer of its own, all at once."""
    consumers = [ProjectionHandler(ground.mongo, projection, lambda: MORNING, METRICS) for _ in deliveries]
    await asyncio.gather(*(deliver(consumer, batches) for consumer, batches in zip(consumers, deliveries, strict=True)))


def test_any_delivery_stores_the_same_documents(settings: Settings) -> None:
    with asyncio.Runner() as runner:
        stage = runner.run(ground(settings))

        @examples(usual=4, extended=60)
        @given(histories(), disorders)
        def hold(history: list[Received], disorder: Disorder) -> None:
            for projection in PROJECTIONS:
                events = on(projection.topics, history)
                runner.run(stage.clear())
                runner.run(consume(stage, projection, [disorder.of(events)]))
                runner.run(compare(stage, projection, folded(projection, [events])))

        hold()
        stage.mongo.close()


def test_two_consumers_at_once_store_the_same_documents(settings: Settings) -> None:
    with asyncio.Runner() as runner:
        stage = runner.run(ground(settings))

        @examples(usual=4, extended=60)
        @given(histories(), disorders, disorders)
        def hold(history: list[Received], first: Disorder, second: Disorder) -> None:
            for projection in PROJECTIONS:
                events = on(projection.topics, history)
                runner.run(stage.clear())
                runner.run(consume(stage, projection, [first.of(events), second.of(events)]))
                runner.run(compare(stage, projection, folded(projection, [events])))

        hold()
        stage.mongo.close()
