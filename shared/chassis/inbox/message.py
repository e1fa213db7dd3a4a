"""An event as a consumer sees it, and the record it came in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import ValidationError

from shared.chassis.kafka.topics import partition_of
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import Envelope, Undecodable, read_envelope
from shared.contracts.topics import CATALOGUE, EVENT_TYPES

TYPES = {topic.name: frozenset(topic.events) for topic in CATALOGUE}
PARTITIONS = {topic.name: topic.partitions for topic in CATALOGUE}


class Misplaced(ValueError):
    """A type we know, on a topic it does not belong to: folding it there would change what it is not about."""


Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A raw Kafka record. `topic` is the catalogue's name, without a namespace."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Headers
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Received:
    """A record that is an event. `lane` is what must stay in order: the aggregate it is about."""

    record: Record
    envelope: Envelope
    lane: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lane", f"{self.record.topic}|{self.envelope.subject}")

    @property
    def id(self) -> str:
        """The aggregate it is about."""
        return self.envelope.subject

    @property
    def sequence(self) -> int:
        """The version of the aggregate after it."""
        return self.envelope.sequence

    def event(self) -> DomainEvent | None:
        """Read the data, fields not known here ignored; None where the type is not known here.

        Raises pydantic's ValidationError where the data does not fit its type, and Misplaced where the type is another topic's.
        """
        kind = EVENT_TYPES.get(self.envelope.type)
        if kind and self.record.topic in TYPES and kind not in TYPES[self.record.topic]:
            raise Misplaced(f"{self.envelope.type} is not of the topic {self.record.topic}")
        return kind.model_validate_json(self.envelope.data, extra="ignore") if kind else None


Lanes: TypeAlias = Mapping[str, Sequence[Received]]


def by_lane(batch: Iterable[Received]) -> Lanes:
    """Part a batch by lane, each in the order it came."""
    lanes: dict[str, list[Received]] = defaultdict(list)
    for received in batch:
        lanes[received.lane].append(received)
    return lanes


def receive(record: Record) -> Received:
    """Read a record. Raises Undecodable, with the reason, where it is no event of ours.

    The key is the subject, and its partition the one that every client of ours puts that key on: elsewhere it would be out of
    its aggregate's order, and no compaction and no tombstone would ever reach it.
    """
    envelope = read_envelope(record.headers, record.value)
    if record.key != envelope.subject.encode():
        raise Undecodable("the key is not the subject")
    partitions = PARTITIONS.get(record.topic)
    if partitions and record.partition != (right := partition_of(envelope.subject, partitions)):
        raise Undecodable(f"partition {record.partition} is not its key's, which is {right}")
    return Received(record, envelope)


def reason_of(error: Exception) -> str:
    """Say why an event is parked; of data that does not fit, where and which rule, never what was in it."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(f"{'.'.join(map(str, item['loc'])) or 'data'}: {item['msg']}" for item in found[:10])
    return repr(error)


def to_document(record: Record) -> dict[str, Any]:
    """Keep a record whole, to be read again later."""
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "headers": [[name, value] for name, value in record.headers],
        "value": record.value,
    }


def from_document(document: dict[str, Any]) -> Record:
    """Give a kept record back."""
    headers = tuple((name, value) for name, value in document["headers"])
    return Record(document["topic"], document["partition"], document["offset"], document["key"], headers, document["value"])
