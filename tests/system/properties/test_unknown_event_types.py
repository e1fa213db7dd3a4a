"""A new type of event on a topic changes no projection that does not know it: it is skipped, and becomes no dead letter."""

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from distretti.cli.schemas import CONTRACTS
from distretti.ops.services import declarations
from shared.chassis.inbox.message import Received, Record
from shared.chassis.mongo import Document
from shared.chassis.projections.projection import Projection
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import Envelope
from shared.contracts.topics import Topic

PROJECTIONS = [
    (projection, topic) for service in declarations() for projection in service.projections for topic in projection.topics
]


class ThingOfTomorrow(DomainEvent):
    """An event that was published after every projection was written."""

    TYPE: ClassVar[str] = "any.thing-of-tomorrow.v1"


def received(topic: Topic, event: DomainEvent, sequence: int) -> Received:
    data = event.model_dump_json().encode()
    envelope = Envelope("id", event.TYPE, "/test", "subject", datetime(2026, 11, 22, tzinfo=UTC), sequence, "c", data)
    return Received(Record(topic.name, 0, sequence, b"subject", (), data), envelope)


def folded(projection: Projection[Any], documents: dict[str, Document | None], arrived: Received, event: DomainEvent) -> None:
    for id in projection.targets(arrived, event):
        documents[id] = projection.fold(id, documents.get(id), arrived, event)


@pytest.mark.parametrize(("projection", "topic"), PROJECTIONS, ids=[f"{p.name}-{t.name}" for p, t in PROJECTIONS])
def test_a_projection_passes_what_it_does_not_know(projection: Projection[Any], topic: Topic) -> None:
    documents: dict[str, Document | None] = {}
    kind = topic.events[0]
    first = kind.model_validate(json.loads(next((CONTRACTS / "samples" / kind.TYPE).glob("*.json")).read_text()))
    folded(projection, documents, received(topic, first, 1), first)
    before = json.dumps(documents, default=str, sort_keys=True)
    folded(projection, documents, received(topic, ThingOfTomorrow(), 2), ThingOfTomorrow())
    assert documents
    assert json.dumps(documents, default=str, sort_keys=True) == before
