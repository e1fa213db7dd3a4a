"""All aggregates of all services in memory, by their own rules, each state kept in BSON as the store keeps it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import bson
from bson.codec_options import CodecOptions

from distretti.ops.services import declarations
from shared.chassis.errors import Refusal
from shared.chassis.ids import uuid7
from shared.chassis.inbox.message import Received, Record
from shared.chassis.kafka.topics import partition_of
from shared.chassis.texts import Texts
from shared.chassis.writes.aggregate import Aggregate, Decide
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import Envelope, headers_of

TEXTS = {service.name: service.texts for service in declarations()}
AS_THE_STORE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
MORNING = datetime(2026, 11, 22, 8, tzinfo=UTC)


class PublishedEvent(NamedTuple):
    """One event, where it happened, and as which version."""

    aggregate: Aggregate[Any]
    id: str
    sequence: int
    event: DomainEvent


def stored(state: Any) -> bytes:
    """Keep a state as the store does."""
    return bson.encode({"state": state})


def loaded(content: bytes) -> Any:
    """Read a kept state back: lists for tuples, times in milliseconds."""
    return bson.decode(content, codec_options=AS_THE_STORE)["state"]


def read(aggregate: Aggregate[Any], content: bytes) -> Any:
    """Read a kept state back as a rule gets it."""
    document = {"_id": "", "version": 1, "evolve": aggregate.revision, "changed": MORNING, "state": loaded(content)}
    return aggregate.read(document).state


@dataclass
class World:
    """What happened so far, and the states it led to."""

    states: dict[tuple[str, str], bytes] = field(default_factory=dict)
    published: list[PublishedEvent] = field(default_factory=list)
    refusals: list[tuple[Texts, Refusal]] = field(default_factory=list)

    def state(self, aggregate: Aggregate[Any], id: str) -> Any:
        """The state as a rule gets it; None where there is none."""
        content = self.states.get((aggregate.name, id))
        return read(aggregate, content) if content is not None else None

    def document(self, aggregate: Aggregate[Any], id: str) -> Any:
        """The state as it is stored, for services that know of it by a projection; None where there is none."""
        stored_state = self.states.get((aggregate.name, id))
        return loaded(stored_state) if stored_state is not None else None

    def version(self, aggregate: Aggregate[Any], id: str) -> int:
        return sum(1 for event in self.published if (event.aggregate.name, event.id) == (aggregate.name, id))

    def do(self, aggregate: Aggregate[Any], id: str, decide: Decide[Any]) -> None:
        """Do a command as the write path does. A rule emits or refuses; whatever else it raises goes through."""
        before = self.state(aggregate, id)
        try:
            events = decide(before)
        except Refusal as refusal:
            self.refusals.append((TEXTS[aggregate.topic.producer], refusal))
            return
        after = before
        sequence = self.version(aggregate, id)
        emitted: list[PublishedEvent] = []
        for number, event in enumerate(events, 1):
            assert type(event) in aggregate.topic.events
            after = aggregate.evolve(after, event)
            emitted.append(PublishedEvent(aggregate, id, sequence + number, event))
        assert after is not None, "a rule that emits nothing on nothing must refuse"
        try:
            self.states[aggregate.name, id] = stored(aggregate.dump(after))
        except OverflowError:  # a number beyond 64 bits: the write path refuses it
            return
        self.published += emitted


Act = Callable[[World], None]
"""Something done in a world: a command with its facts looked up there."""


def received(event: PublishedEvent, number: int) -> Received:
    """An event as a consumer gets it; `number` counts what happened, and makes ids and times."""
    moment = MORNING + timedelta(seconds=number)
    data = event.event.model_dump_json().encode()
    event_id = uuid7(moment, number % 4096)
    envelope = Envelope(
        id=event_id,
        type=event.event.TYPE,
        source=f"/distretti/{event.aggregate.topic.producer}",
        subject=event.id,
        time=moment,
        sequence=event.sequence,
        correlation=event_id,
        data=data,
    )
    headers = tuple((name, value.encode()) for name, value in headers_of(envelope).items())
    topic = event.aggregate.topic
    record = Record(topic.name, partition_of(event.id, topic.partitions), number, event.id.encode(), headers, data)
    return Received(record, envelope)
