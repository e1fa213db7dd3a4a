"""The outbox: committed events, unsent until the relay sends them, deleted some days after that."""

from datetime import datetime

from shared.chassis.errors import Invalid
from shared.chassis.mongo import ASCENDING, Document, Index
from shared.chassis.outbox.cause import Cause
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import Envelope, headers_of
from shared.contracts.topics import Topic

OUTBOX = "outbox"
UNSENT = {"status": "unsent"}
LARGEST_BYTES = 900_000


def outbox_indexes(days: float) -> list[Index]:
    """Indexes for unsent events in order of their ids, and for the expiry of sent ones. Unsent events never expire."""
    return [
        ([("status", ASCENDING), ("_id", ASCENDING)], {"partialFilterExpression": UNSENT}),
        ([("sent", ASCENDING)], {"expireAfterSeconds": int(days * 86_400)}),
    ]


def outgoing(
    event: DomainEvent,
    *,
    id: str,
    topic: Topic,
    subject: str,
    sequence: int,
    moment: datetime,
    source: str,
    cause: Cause,
    traceparent: str | None,
) -> Document:
    """The outbox document of an event: its record exactly as it will be sent."""
    assert type(event) in topic.events, f"{event.TYPE} is not in the catalogue of {topic.name}"
    data = event.model_dump_json()
    if len(data.encode()) > LARGEST_BYTES:
        # An event that Kafka would refuse must never be committed: it would block its stream for ever.
        raise Invalid("event-too-large", most=LARGEST_BYTES)
    envelope = Envelope(
        id=id,
        type=event.TYPE,
        source=source,
        subject=subject,
        time=moment,
        sequence=sequence,
        correlation=cause.correlation,
        data=b"",
        causation=cause.causation,
        district=cause.district,
        traceparent=traceparent,
    )
    return {
        "_id": id,
        "status": "unsent",
        "topic": topic.name,
        "key": subject,
        "sequence": sequence,
        "headers": headers_of(envelope),
        "value": data,
        "created": moment,
    }
