"""The life of a brokerage event: what its rules emit folds to its state, in whatever order they are given."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.events.brokerage import state as brokerage_state
from services.events.brokerage.rules import lifecycle as brokerage
from services.events.brokerage.rules.correction import Occupancy
from shared.chassis.errors import Refusal
from shared.contracts.events import (
    BrokerageEventClosed,
    BrokerageEventCorrected,
    RegistrationClosed,
    RegistrationOpened,
    TablesClosed,
)
from tests.events.factories import LONG_BEFORE, announced, drafted
from tests.events.folding import Rule, as_stored, folded, run, same

brokerage_commands = st.sampled_from(
    [
        lambda state: brokerage.announce(state, announced(), LONG_BEFORE),
        lambda state: brokerage.announce(state, announced(tables=9), LONG_BEFORE),
        lambda state: brokerage.draft(state, drafted()),
        lambda state: brokerage.draft(state, drafted(tables=9)),
        lambda state: brokerage.edit_draft(state, drafted(tables=8)),
        lambda state: brokerage.announce_draft(state, LONG_BEFORE),
        lambda state: brokerage.open_registration(state, LONG_BEFORE),
        brokerage.close_registration,
        brokerage.start,
        lambda state: brokerage.close(state, BrokerageEventClosed(agenda=1)),
    ]
)


@given(st.lists(brokerage_commands, max_size=12))
def test_an_event_is_what_its_domain_events_tell(commands: list[Rule]) -> None:
    state, emitted = run(brokerage_state.evolve, commands)
    assert same(state, folded(brokerage_state.evolve, emitted))
    kinds = [event.TYPE for event in emitted]
    announcements = [number for number, kind in enumerate(kinds) if kind == "events.brokerage-event-announced.v1"]
    assert len(announcements) <= 1
    if announcements:
        assert "events.brokerage-event-drafted.v1" not in kinds[announcements[0] :], "what is announced is no draft"
    assert not {*kinds} - {"events.brokerage-event-drafted.v1"} or announcements, "nothing happens to a draft but its announcement"
    if "events.brokerage-event-started.v1" in kinds:
        after = kinds[kinds.index("events.brokerage-event-started.v1") + 1 :]
        assert after in ([], ["events.brokerage-event-closed.v1"]), "once it runs, it can only end"
    if state is not None and state.status == "closed":
        assert emitted[-1].TYPE == "events.brokerage-event-closed.v1"


def test_a_draft_is_made_once_and_edited_as_what_it_is() -> None:
    state = as_stored(brokerage_state.evolve(None, drafted()))
    assert brokerage.draft(state, drafted()) == []
    with pytest.raises(Refusal) as refused:
        brokerage.draft(state, drafted(districts=("wood",)))
    assert refused.value.code == "event-exists", "another district would take it over"
    assert brokerage.edit_draft(state, drafted(tables=9)) == [drafted(tables=9)]
    with pytest.raises(Refusal):
        brokerage.edit_draft(None, drafted())


def test_registration_that_opens_once_more_is_told_as_opened_again() -> None:
    closed = as_stored(folded(brokerage_state.evolve, [announced(), RegistrationClosed()]))
    assert brokerage.open_registration(closed, LONG_BEFORE) == [RegistrationOpened(again=True)]


def test_what_is_over_is_neither_opened_nor_told_as_news() -> None:
    state = as_stored(folded(brokerage_state.evolve, [announced()]))
    end = state.slots[-1].ends
    assert brokerage.open_registration(state, end - timedelta(seconds=1)) == [RegistrationOpened()]
    with pytest.raises(Refusal) as refused:
        brokerage.open_registration(state, end)
    assert refused.value.code == "event-over"
    moved = announced(venue="Massa")
    for now, concerned in ((end - timedelta(seconds=1), ("anna",)), (end, ())):
        [corrected] = brokerage.correct(state, moved, Occupancy(("anna",)), now)
        assert isinstance(corrected, BrokerageEventCorrected)
        assert corrected.participants == concerned


def test_a_table_is_closed_once() -> None:
    state = as_stored(folded(brokerage_state.evolve, [announced()]))
    [closed] = brokerage.close_tables(state, [2, 1])
    assert closed == TablesClosed(tables=(1, 2))
    with pytest.raises(Refusal):
        brokerage.close_tables(state, [1, 1])
