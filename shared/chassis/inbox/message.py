"""An event as a consumer sees it, and the record it came in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import ValidationError

from shared.chassis.kafka.topics import partition_of
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import Envelope, Undecodable, read_envelope
from shared.contracts.human_text import READING
from shared.contracts.topics import CATALOGUE, EVENT_TYPES

TYPES = {topic.name: frozenset(topic.events) for topic in CATALOGUE}
PARTITIONS = {topic.name: topic.partitions for topic in CATALOGUE}


class Misplaced(ValueError):
    """An event type on a topic that is not its own: folding it there would change another kind of aggregate."""


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
    """A record that is an event. Its `stream` (topic and key) is what stays in sequence: the events of one aggregate."""

    record: Record
    envelope: Envelope
    stream: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stream", f"{self.record.topic}|{self.envelope.subject}")

    @property
    def id(self) -> str:
        """The id of its aggregate."""
        return self.envelope.subject

    @property
    def sequence(self) -> int:
        """The version of the aggregate after it."""
        return self.envelope.sequence

    def event(self) -> DomainEvent | None:
        """Parse the data, unknown fields ignored; None for an unknown type.

        Raises pydantic's ValidationError where the data does not fit its type, and Misplaced where the type is another topic's.
        """
        kind = EVENT_TYPES.get(self.envelope.type)
        if kind and self.record.topic in TYPES and kind not in TYPES[self.record.topic]:
            raise Misplaced(f"{self.envelope.type} is not of the topic {self.record.topic}")
        return kind.model_validate_json(self.envelope.data, extra="ignore", context=READING) if kind else None


Streams: TypeAlias = Mapping[str, Sequence[Received]]


def by_stream(batch: Iterable[Received]) -> Streams:
    """Group a batch by stream, each in the order of arrival."""
    streams: dict[str, list[Received]] = defaultdict(list)
    for received in batch:
        streams[received.stream].append(received)
    return streams


def receive(record: Record) -> Received:
    """Decode a record. Raises Undecodable, with the reason, where it is no event of ours.

    The key is the subject, and its partition the one that every client of ours puts that key on: elsewhere it would be out of
    its aggregate's order, and no compaction and no tombstone would ever reach it.
    """
    envelope = read_envelope(record.headers, record.value)
    if record.key != envelope.subject.encode():
        raise Undecodable("the key is not the subject")
    partitions = PARTITIONS.get(record.topic)
    if partitions and record.partition != (expected := partition_of(envelope.subject, partitions)):
        raise Undecodable(f"partition {record.partition} is not its key's, which is {expected}")
    return Received(record, envelope)


def reason_of(error: Exception) -> str:
    """Why an event becomes a dead letter; for invalid data the field and the rule, never the value, which may be personal."""
    if isinstance(error, ValidationError):
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(f"{'.'.join(map(str, item['loc'])) or 'data'}: {item['msg']}" for item in errors[:10])
    return repr(error)


def to_document(record: Record) -> dict[str, Any]:
    """A record as it is stored, whole."""
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "headers": [[name, value] for name, value in record.headers],
        "value": record.value,
    }


def from_document(document: dict[str, Any]) -> Record:
    """A stored record."""
    headers = tuple((name, value) for name, value in document["headers"])
    return Record(document["topic"], document["partition"], document["offset"], document["key"], headers, document["value"])
