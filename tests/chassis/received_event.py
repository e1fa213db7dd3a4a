"""An event of a member as a consumer gets it, without a broker."""

from datetime import UTC, datetime

from shared.chassis.inbox.message import Received, Record, receive
from shared.chassis.kafka.topics import partition_of
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import Envelope, headers_of
from shared.contracts.topics import MEMBERS

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def record_of(sequence: int, event: DomainEvent, subject: str = "m1") -> Record:
    """The record of an event, on its key's partition."""
    envelope = Envelope(f"{subject}-{sequence}", event.TYPE, "/distretti/registry", subject, MOMENT, sequence, "c", b"")
    headers = tuple((name, value.encode()) for name, value in headers_of(envelope).items())
    partition = partition_of(subject, MEMBERS.partitions)
    return Record(MEMBERS.name, partition, sequence, subject.encode(), headers, event.model_dump_json().encode())


def received(sequence: int, event: DomainEvent, subject: str = "m1") -> Received:
    """The event as a consumer gets it."""
    return receive(record_of(sequence, event, subject))
