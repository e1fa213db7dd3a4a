"""What members are taken to know of each other, from the documents of introductions and meetings."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.matching.projections.interactions import fold_meeting
from services.matching.projections.meetings_held import fold_closing, held_at, is_told
from services.matching.ranking import Interaction
from services.matching.shortlist.inputs import known_from
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.contracts.events import (
    AgendaPublished,
    BrokerageEventClosed,
    MeetingAccepted,
    MeetingHeld,
    MeetingRequested,
    Placement,
)


def stand(*members: str, introduced: bool = False, **declined: str) -> dict[str, Any]:
    return {"members": sorted(members), "declined": declined, "introduced": introduced}


def meeting(*members: str, held: bool | None = None, **outcomes: str) -> dict[str, Any]:
    return {
        "_id": "-".join(members),
        "event_id": "fair",
        "members": list(members),
        "agreed": True,
        "held": held,
        "outcomes": outcomes,
    }


def test_a_decline_is_known_to_who_declined_alone() -> None:
    known = known_from([stand("a", "b", a="competitor")], [])
    assert known["a"] == (Interaction("a", "b", declined="competitor"),)
    assert known["b"] == (Interaction("b", "a"),)


def test_an_introduction_and_a_held_meeting_are_known_to_both_and_an_outcome_to_who_told_it() -> None:
    known = known_from([stand("a", "b", introduced=True)], [meeting("a", "b", held=True, a="nda"), meeting("b", "a")])
    assert known["a"] == (Interaction("a", "b", arranged=True, outcomes=("nda",)),)
    assert known["b"] == (Interaction("b", "a", arranged=True, outcomes=(None,)),)


def test_in_a_group_each_has_met_each() -> None:
    known = known_from([], [meeting("a", "b", "c", held=True)])
    assert {one.towards for one in known["c"]} == {"a", "b"}
    assert sum(len(some) for some in known.values()) == 6


def test_who_was_absent_from_a_group_that_met_has_met_nobody() -> None:
    asked = MeetingRequested(event_id="fair", mode="b2b", by="a", towards="b", others=("c",))
    document: Document | None = None
    for event in (asked, MeetingAccepted(event_id="fair", by="b", towards="a"), MeetingHeld(event_id="fair", absent=("c",))):
        document = fold_meeting("m", document, received(1), event)
    assert document is not None
    known = known_from([], [{"_id": "m", **document}])
    assert {one.towards: one.outcomes for one in known["a"]} == {"b": (None,), "c": ()}
    assert {one.towards: (one.arranged, one.outcomes) for one in known["c"]} == {"a": (True, ()), "b": (True, ())}
    assert fold_meeting("m", document, received(2), MeetingHeld(event_id="fair"))["absent"] == []


def test_a_meeting_nobody_told_of_was_held_where_its_events_closing_says_so() -> None:
    told = [meeting("a", "b"), meeting("a", "c"), meeting("a", "d", held=False), meeting("a", "e")]
    known = known_from([], told, held={"a-b", "a-d"})
    assert {one.towards: one.outcomes for one in known["a"]} == {"b": (None,), "c": (), "d": (), "e": ()}
    called_off = known_from([], told, held={"a-b"}, off={"a-c", "a-d"})
    assert [one.towards for one in called_off["a"]] == ["b", "d", "e"], "what somebody told of is no plan any more"


def received(sequence: int) -> Received:
    return cast(Received, SimpleNamespace(id="fair", sequence=sequence))


def test_a_closing_and_its_agenda_come_in_any_order_and_name_what_was_held() -> None:
    def agenda(*meetings: str) -> AgendaPublished:
        placed = tuple(Placement(meeting_id=id, members=("a", "b"), slot=1, table=1) for id in meetings)
        return AgendaPublished(event_id="fair", placements=placed, status="optimal", breaks=0, bound=0, input="")

    booked = Placement(meeting_id="m9", members=("a", "c"), slot=1, table=1)
    late = booked.model_copy(update={"meeting_id": "m8"})
    closed = BrokerageEventClosed(
        agenda=2, not_held=("m2", "m3"), appointments=(booked,), called_off=("m3",), appointments_off=(late,)
    )
    first, second = (received(1), agenda("m1", "m2", "m4")), (received(2), agenda("m1", "m2", "m3"))
    for events in ((first, second, (received(5), closed)), (first, (received(5), closed), second)):
        document: Document | None = None
        for where, event in events:
            document = fold_closing("fair", document, where, event)
        assert document is not None
        assert held_at(document) == {"m1", "m9"}
        assert is_told(document)
    early = fold_closing("fair", fold_closing("fair", None, *first), received(5), closed)
    assert early is not None
    assert (held_at(early), is_told(early)) == ({"m9"}, False), "the agenda it names is still to come"
    running = {"version": 1, "placed": ["m1"], "closed": None}
    assert (held_at(running), is_told(running)) == (frozenset(), False)
    without = fold_closing("fair", None, received(5), BrokerageEventClosed())
    assert without is not None
    assert is_told(without), "an event may end without an agenda"


@pytest.mark.parametrize(
    ("outcomes", "value", "penalties"),
    [((), 0, ("met_before",)), ((None,), 1, ()), (("nothing",), 0, ("met_before",)), (("nothing", "licence"), 3, ())],
)
def test_what_came_of_meetings_adds_up(outcomes: Any, value: float, penalties: tuple[str, ...]) -> None:
    interaction = Interaction("a", "b", arranged=True, outcomes=outcomes)
    assert (interaction.value, interaction.penalties) == (value, penalties)
