"""A record becomes an event, or is refused with a reason that tells nothing personal."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from shared.chassis.inbox.message import Misplaced, Record, by_stream, from_document, reason_of, receive, to_document
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import Undecodable
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved, MemberWithdrawn
from tests.chassis.received_event import received, record_of

RECORD = record_of(1, MemberWithdrawn(reason="sold"))


def test_a_record_is_stored_whole() -> None:
    assert from_document(to_document(RECORD)) == RECORD
    broken = Record("registry.members", 3, 9, None, (("ce_id", None), ("ce_id", b"\xff")), None)
    assert from_document(to_document(broken)) == broken


def test_unknown_fields_are_ignored_and_unknown_types_are_no_event() -> None:
    wider = receive(replace(RECORD, value=b'{"reason": "sold", "field_of_2031": 1}'))
    assert wider.event() == MemberWithdrawn(reason="sold")

    class Unknown(DomainEvent):
        TYPE = "registry.member-praised.v1"

    assert received(1, Unknown()).event() is None


def test_an_event_of_another_topic_is_refused() -> None:
    with pytest.raises(Misplaced, match=r"is not of the topic registry\.members"):
        received(1, IntroductionMade(mode="b2b", members=("m1", "m2"))).event()


def test_a_record_on_a_partition_that_is_not_its_key_s_is_no_event() -> None:
    elsewhere = replace(RECORD, partition=(RECORD.partition + 1) % 12)
    with pytest.raises(Undecodable, match=f"which is {RECORD.partition}"):
        receive(elsewhere)


def test_a_batch_is_grouped_in_the_order_of_arrival() -> None:
    batch = [received(2, MemberApproved()), received(1, MemberApproved(), "m2"), received(1, MemberApproved())]
    assert {stream: [event.sequence for event in events] for stream, events in by_stream(batch).items()} == {
        "registry.members|m1": [2, 1],
        "registry.members|m2": [1],
    }


def test_the_reason_of_wrong_data_names_the_field_and_hides_the_value() -> None:
    with pytest.raises(ValidationError) as wrong:
        MemberWithdrawn.model_validate({"reason": "", "mobile": "3331234567"})
    assert reason_of(wrong.value) == "reason: shows nothing: a text is needed; mobile: Extra inputs are not permitted"
    assert reason_of(ValueError("another")) == "ValueError('another')"
