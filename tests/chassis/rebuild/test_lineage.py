"""Documents are compared with all streams that feed them, and those with all they feed."""

from collections.abc import Iterable

from shared.chassis.inbox.message import Received
from shared.chassis.projections.projection import Projection
from shared.chassis.rebuild.lineage import Group, Lineage
from shared.contracts.base import DomainEvent
from shared.contracts.registry import MemberApproved, MemberWithdrawn
from shared.contracts.topics import MEMBERS
from tests.chassis.received_event import received


def targets(received: Received, event: DomainEvent) -> Iterable[str]:
    """A withdrawn member names the documents it is in."""
    return event.reason.split() if isinstance(event, MemberWithdrawn) else (received.id,)


def marks(received: Received, _event: DomainEvent) -> Iterable[str]:
    return (f"mark-{received.id}",)


def stream(id: str) -> str:
    return f"{MEMBERS.name}|{id}"


def lineage_of(feeds: dict[str, str]) -> Lineage:
    """The lineage of a fold in which each member feeds the documents named."""
    lineage = Lineage()
    projection: Projection[object] = Projection("p", (MEMBERS,), "c", lambda *_: None, targets=targets, marks=marks)
    recorded = lineage.record(projection)
    for id, documents in feeds.items():
        for sequence, event in enumerate([MemberWithdrawn(reason=documents)], 1):
            list(recorded.targets(received(sequence, event, id), event))
            list(recorded.marks(received(sequence, event, id), event))
    return lineage


def test_streams_connected_over_documents_are_one_group() -> None:
    lineage = lineage_of({"a": "x", "b": "x y", "c": "y", "d": "z"})
    connected = Group(frozenset(map(stream, "abc")), frozenset("xy"))
    single = Group(frozenset({stream("d")}), frozenset("z"))
    assert list(lineage.groups([stream("c")])) == [connected]
    assert list(lineage.groups([stream(id) for id in "dcba"])) == [single, connected]
    assert (lineage.streams, lineage.documents) == ({stream(id) for id in "abcd"}, set("xyz"))


def test_marks_are_those_of_the_streams() -> None:
    lineage = lineage_of({"a": "x", "b": "x"})
    assert lineage.marks_of([stream("a"), stream("never folded")]) == {"mark-a"}


def test_what_is_recorded_is_what_the_projection_says() -> None:
    lineage = Lineage()
    recorded = lineage.record(Projection("p", (MEMBERS,), "c", lambda *_: None, targets=targets))
    event = MemberApproved()
    assert list(recorded.targets(received(1, event, "a"), event)) == ["a"]
    assert lineage.documents == {"a"}
