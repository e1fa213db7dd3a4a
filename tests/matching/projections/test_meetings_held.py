"""Folding agendas and closings to the meetings that were held."""

from types import SimpleNamespace
from typing import cast

from services.matching.projections.meetings_held import MeetingsHeldRow, fold_closing
from shared.chassis.inbox.message import Received
from shared.contracts.events import AgendaPublished, BrokerageEventClosed, Placement


def received(sequence: int) -> Received:
    return cast(Received, SimpleNamespace(id="fair", sequence=sequence))


def agenda(*meetings: str) -> AgendaPublished:
    placements = tuple(Placement(meeting_id=id, members=("a", "b"), slot=1, table=1) for id in meetings)
    return AgendaPublished(event_id="fair", placements=placements, status="optimal", breaks=0, bound=0, input="")


BOOKED = Placement(meeting_id="m9", members=("a", "c"), slot=1, table=1)
LATE = BOOKED.model_copy(update={"meeting_id": "m8"})
CLOSED = BrokerageEventClosed(agenda=2, not_held=("m2", "m3"), appointments=(BOOKED,), called_off=("m3",), appointments_off=(LATE,))
FIRST, SECOND = (received(1), agenda("m1", "m2", "m4")), (received(2), agenda("m1", "m2", "m3"))


def test_a_closing_and_its_agenda_come_in_any_order_and_name_what_was_held() -> None:
    for events in ((FIRST, SECOND, (received(5), CLOSED)), (FIRST, (received(5), CLOSED), SECOND)):
        row: MeetingsHeldRow | None = None
        for source, event in events:
            row = fold_closing("fair", row, source, event)
        assert row is not None
        assert row.held == {"m1", "m9"}
        assert row.is_complete


def test_nothing_of_an_agenda_is_held_until_the_version_of_the_closing_was_received() -> None:
    early = fold_closing("fair", fold_closing("fair", None, *FIRST), received(5), CLOSED)
    assert early is not None
    assert (early.held, early.is_complete) == ({"m9"}, False)


def test_while_an_event_is_open_nothing_is_held() -> None:
    running = MeetingsHeldRow(version=1, placed=("m1",))
    assert (running.held, running.is_complete) == (frozenset(), False)


def test_an_event_may_close_without_an_agenda() -> None:
    row = fold_closing("fair", None, received(5), BrokerageEventClosed())
    assert row is not None
    assert row.is_complete
