"""A batch is folded in order; what fails stops its own stream alone."""

from typing import Any

from shared.chassis.inbox.message import Received
from shared.chassis.projections.fold import fold_all, place_of, read_events
from shared.chassis.projections.projection import Projection
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.contracts.base import DomainEvent
from shared.contracts.registry import MemberApproved, MemberWithdrawn
from shared.contracts.topics import MEMBERS
from tests.chassis.received_event import MOMENT, received


def fold(_id: str, row: Any, _received: Received, event: DomainEvent) -> Any:
    if isinstance(event, MemberWithdrawn):
        if event.reason == "poison":
            raise ValueError("no poison here")
        return None
    return {"events": (row or {"events": 0})["events"] + 1}


def marks(received: Received, _event: DomainEvent) -> tuple[str, ...]:
    return (f"mark-{received.id}",)


PROJECTION = Projection("hearing.members", (MEMBERS,), "members", fold, marks=marks)


def folded(*batch: Received, stored: dict[str, Any] | None = None) -> Any:
    events, unreadable = read_events(batch, Metrics(), PROJECTION.name)
    return fold_all(PROJECTION, events, unreadable, stored or {}, MOMENT)


def test_events_of_a_batch_build_on_each_other_and_on_what_is_stored() -> None:
    batch = [received(3, MemberApproved()), received(4, MemberApproved()), received(1, MemberApproved(), "m2")]
    result = folded(*batch, stored={"m1": {"events": 2}})
    assert result.rows == {"m1": {"events": 4}, "m2": {"events": 1}}
    assert result.dirty == {"mark-m1": "m1-4", "mark-m2": "m2-1"}
    assert result.applied == batch


def test_a_row_that_ends_is_deleted_and_may_begin_anew() -> None:
    withdrawn = received(2, MemberWithdrawn(reason="r"))
    assert folded(withdrawn, stored={"m1": {"events": 1}}).rows == {"m1": None}
    assert folded(withdrawn, received(3, MemberApproved()), stored={"m1": {"events": 1}}).rows == {"m1": {"events": 1}}


def test_what_fails_is_a_dead_letter_and_holds_its_own_stream_alone() -> None:
    poison = received(2, MemberWithdrawn(reason="poison"))
    batch = [received(1, MemberApproved()), poison, received(3, MemberApproved()), received(1, MemberApproved(), "m2")]
    result = folded(*batch)
    assert [(applied.id, applied.sequence) for applied in result.applied] == [("m1", 1), ("m2", 1)]
    assert result.rows == {"m1": {"events": 1}, "m2": {"events": 1}}
    assert result.reasons == {place_of(poison): "ValueError('no poison here')"}
    kinds = [(step._filter["_id"], step._doc["$set"]["kind"]) for step in result.held]
    assert kinds == [(f"hearing.members|{MEMBERS.name}|m1|2", "parked"), (f"hearing.members|{MEMBERS.name}|m1|3", "gap")]


def test_a_type_nobody_knows_is_counted_and_applied_without_effect() -> None:
    class Unknown(DomainEvent):
        TYPE = "registry.member-praised.v1"

    metrics = Metrics()
    events, unreadable = read_events([received(1, Unknown())], metrics, PROJECTION.name)
    result = fold_all(PROJECTION, events, unreadable, {}, MOMENT)
    assert (result.rows, result.dirty, len(result.applied)) == ({}, {}, 1)
    assert metrics.registry.get_sample_value("distretti_events_unknown_total", {"consumer": PROJECTION.name}) == 1


def test_data_that_does_not_fit_is_a_dead_letter_whose_reason_hides_the_value() -> None:
    class Wrong(DomainEvent):
        TYPE = MemberWithdrawn.TYPE
        reason: int = 4711

    result = folded(received(1, Wrong()))
    assert list(result.reasons.values()) == ["reason: Input should be a valid string"]
