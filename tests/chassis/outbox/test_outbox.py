"""An event is written to the outbox as the record that will be sent; what Kafka would refuse is never committed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.chassis.errors import Invalid
from shared.chassis.outbox import outbox
from shared.chassis.outbox.cause import Cause
from shared.chassis.outbox.outbox import outbox_indexes, outgoing
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import read_envelope
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved, MemberWithdrawn
from shared.contracts.topics import MEMBERS

MOMENT = datetime(2026, 11, 22, 12, 0, 0, 123000, tzinfo=UTC)


def written(event: DomainEvent) -> dict[str, Any]:
    cause = Cause("order-66", causation="e0", district="marble")
    return outgoing(
        event, id="e1", topic=MEMBERS, subject="m1", sequence=3, moment=MOMENT, source="/test", cause=cause, traceparent=None
    )


def test_the_record_that_will_be_sent_reads_as_the_event_with_its_cause() -> None:
    document = written(MemberWithdrawn(reason="sold"))
    headers = [(name, value.encode()) for name, value in document["headers"].items()]
    envelope = read_envelope(headers, document["value"].encode())
    assert (envelope.id, envelope.subject, envelope.sequence, envelope.time) == ("e1", "m1", 3, MOMENT)
    assert (envelope.correlation, envelope.causation, envelope.district) == ("order-66", "e0", "marble")
    assert json.loads(envelope.data) == {"reason": "sold"}
    assert (document["status"], document["topic"], document["key"], document["sequence"]) == ("unsent", MEMBERS.name, "m1", 3)


def test_an_event_that_is_too_large_is_refused_by_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    event = MemberWithdrawn(reason="è" * 30)
    size = len(event.model_dump_json().encode())
    monkeypatch.setattr(outbox, "LARGEST_BYTES", size)
    assert written(event)
    monkeypatch.setattr(outbox, "LARGEST_BYTES", size - 1)
    with pytest.raises(Invalid) as refusal:
        written(event)
    assert (refusal.value.code, refusal.value.message.params["most"]) == ("event-too-large", size - 1)


def test_an_event_of_another_topic_is_a_fault_of_ours() -> None:
    with pytest.raises(AssertionError, match=r"not in the catalogue of registry\.members"):
        written(IntroductionMade(mode="b2b", members=("m1", "m2")))
    assert written(MemberApproved())


def test_only_sent_events_expire() -> None:
    expiring = [(keys, options) for keys, options in outbox_indexes(2.5) if "expireAfterSeconds" in options]
    assert expiring == [([("sent", 1)], {"expireAfterSeconds": 216_000})]
    assert "sent" not in written(MemberApproved())
