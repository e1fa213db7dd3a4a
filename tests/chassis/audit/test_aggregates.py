"""An aggregate is folded from its events up to the version of its state."""

from dataclasses import replace
from typing import Any

import pytest

from shared.chassis.audit.aggregates import EventMissing, fold_to
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts.base import DomainEvent
from shared.contracts.registry import MemberApproved, MemberWithdrawn
from shared.contracts.topics import MEMBERS
from tests.chassis.received_event import received


def evolve(state: Any, event: DomainEvent) -> Any:
    return [*(state or []), event.TYPE]


KIND: Aggregate[Any] = Aggregate("member", MEMBERS, "members", evolve)
EVENTS = {1: received(1, MemberApproved()), 2: received(2, MemberWithdrawn(reason="r")), 3: received(3, MemberApproved())}


def test_events_after_the_version_are_left_out() -> None:
    assert fold_to(KIND, 2, EVENTS) == [MemberApproved.TYPE, MemberWithdrawn.TYPE]


def test_a_missing_event_is_named() -> None:
    with pytest.raises(EventMissing, match="event 2 of 3 is neither on the topic nor in the outbox"):
        fold_to(KIND, 3, {1: EVENTS[1], 3: EVENTS[3]})


def test_on_a_compacted_topic_the_newest_is_the_whole_state() -> None:
    compacted = replace(KIND, topic=replace(MEMBERS, compacted=True))
    assert fold_to(compacted, 3, {3: EVENTS[3]}) == [MemberApproved.TYPE]
