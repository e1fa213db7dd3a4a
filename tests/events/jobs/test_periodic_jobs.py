"""What becomes due by itself: where it is looked for, and that what fails at one event holds up no other."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from services.events.brokerage.state import BrokerageEvent
from services.events.jobs.periodic_jobs import AFTER_DEADLINE, JobContext, for_each, is_busy
from services.events.registration import state as registration_state
from services.events.registration.rules.participation import comes_after, promote
from shared.chassis.http.read_only_mode import ReadOnly
from shared.chassis.writes.aggregate import Stored
from shared.contracts.events import ParticipantPutOnStandby, ParticipantRegistered
from tests.events.factories import APPROVED, MORNING, event_state, stored_event
from tests.events.folding import folded

NO_CONTEXT = cast(JobContext, None)
EVENTS = [stored_event(event_state(), id) for id in ("one", "two", "three")]
BEFORE = MORNING - timedelta(days=9)


async def test_what_fails_at_one_event_holds_up_no_other() -> None:
    seen = []

    async def do(_context: JobContext, event: Stored[BrokerageEvent]) -> None:
        seen.append(event.id)
        if event.id == "one":
            raise ValueError("at every event something can be wrong")

    await for_each(NO_CONTEXT, do)(EVENTS)
    assert seen == ["one", "two", "three"]


async def test_jobs_stop_at_once_when_the_service_is_read_only() -> None:
    seen = []

    async def do(_context: JobContext, event: Stored[BrokerageEvent]) -> None:
        seen.append(event.id)
        raise ReadOnly

    with pytest.raises(ReadOnly):
        await for_each(NO_CONTEXT, do)(EVENTS)
    assert seen == ["one"]


def test_an_event_is_looked_at_every_second_where_something_is_busy() -> None:
    def looked_at(now: datetime, waiting: tuple[str, ...] = (), **changes: Any) -> bool:
        return is_busy(stored_event(event_state(**changes)), waiting, now)

    assert not looked_at(BEFORE)
    assert looked_at(BEFORE, ("fair",))
    assert looked_at(MORNING)
    assert not looked_at(MORNING + timedelta(days=1))
    assert not looked_at(BEFORE - timedelta(seconds=1), requests_until=BEFORE)
    assert looked_at(BEFORE, requests_until=BEFORE)
    assert not looked_at(BEFORE + AFTER_DEADLINE, requests_until=BEFORE)


def test_who_waits_for_a_full_quota_holds_up_nobody_of_another_kind() -> None:
    assert not comes_after("research-organisation", {"sme"}, full={"sme"}, limited=True), "89 places are free"
    assert comes_after("sme", {"sme"}, full={"sme"}, limited=True)
    assert comes_after("sme", {"sme"}, full=set(), limited=False), "one of them just left: it is their turn"
    assert comes_after("research-organisation", {"sme"}, full=set(), limited=True)
    assert not comes_after("research-organisation", {"sme"}, full=set(), limited=False), "they share no limit"
    assert not comes_after("sme", set(), full=set(), limited=True)


def test_a_former_member_is_not_promoted() -> None:
    waits = folded(registration_state.evolve, [ParticipantPutOnStandby(event_id="e", member_id="anna", since=MORNING)])
    open_event = event_state()
    assert promote(waits, ("all:1",), open_event, replace(APPROVED, status="withdrawn")) == []
    assert promote(waits, ("all:1",), open_event, None) == []
    registration = ParticipantRegistered(event_id="e", member_id="anna", places=("all:1",))
    assert promote(waits, ("all:1",), open_event, APPROVED) == [registration]
