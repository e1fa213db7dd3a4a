"""The outbox: events that were committed and wait for the relay, kept some days after they are sent."""

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
    """Find the unsent in order of their ids; drop the sent after some days. Unsent never expires."""
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
    """Make the outbox document of one event: its record exactly as it will be sent."""
    assert type(event) in topic.events, f"{event.TYPE} is not in the catalogue of {topic.name}"
    data = event.model_dump_json()
    if len(data.encode()) > LARGEST_BYTES:
        # What Kafka would refuse must never be committed: it would hold up its aggregate for ever.
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
