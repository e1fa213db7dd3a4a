"""An appointment when the day changes: another table, or none."""

from dataclasses import replace
from typing import Any

from services.events.appointment.rules.booking import AppointmentRequest
from services.events.appointment.rules.relocation import UNAVAILABLE, obstacle, relocate
from shared.contracts.events import MeetingHeld
from tests.events.appointment.rules.test_booking import PAIR, chance, wished
from tests.events.factories import event_state
from tests.events.meeting.rules.test_requests import BEFORE, after

BOOKED = after(*PAIR, *wished(after(*PAIR), AppointmentRequest(2)))


FREE: dict[str, list[int]] = {"anna": [], "bruno": []}


AWAY_THEN: dict[str, list[int]] = {"anna": [], "bruno": [2]}


def test_only_an_obstacle_moves_an_appointment_to_come() -> None:
    closed = replace(event_state(), closed_tables=(1,))
    seen = BOOKED.appointment

    def after_all(state: Any, table: int | None = 2, event: Any = closed, unavailable: Any = FREE, now: Any = BEFORE) -> Any:
        return [change.model_dump(exclude={"event_id"}) for change in relocate(state, seen, table, event, unavailable, now)]

    made = {"slot": 2, "table": 2, "people": ("anna", "bruno"), "moved": True, "anyway": ()}
    assert after_all(BOOKED) == [made]
    [dropped] = after_all(BOOKED, None)
    assert (dropped["slot"], dropped["table"], "Table 1 is closed" in dropped["reason"]["en"]) == (2, 1, True)
    [dropped_by_absence] = after_all(BOOKED, 2, event_state(), AWAY_THEN)
    assert dropped_by_absence["reason"] == UNAVAILABLE.model_dump(), "no other table helps who is not there"
    assert after_all(BOOKED, 2, event_state()) == [], "no obstacle"
    late = event_state().slots[1].starts
    for state, changes in (
        (BOOKED, {"now": late}),
        (BOOKED, {"event": replace(closed, status="closed")}),
        (BOOKED, {"unavailable": {"anna": []}}),
        (after(*PAIR), {}),
        (replace(BOOKED, appointment=replace(seen, slot=3)), {}),
        (after(*PAIR, *wished(after(*PAIR), AppointmentRequest(2)), MeetingHeld(event_id="e")), {}),
    ):
        assert after_all(state, **changes) == []


def test_who_comes_anyway_is_not_taken_for_absent() -> None:
    context = chance(unavailable=frozenset({"bruno"}))
    for wishes in (
        [AppointmentRequest(2, override_availability=True)],
        [AppointmentRequest(2, by="anna"), AppointmentRequest(2, by="bruno")],
    ):
        confirmed = after(*PAIR, *wished(after(*PAIR), *wishes, chance=context))
        assert confirmed.appointment.override_availability == ("bruno",)
        assert obstacle(confirmed, event_state(), AWAY_THEN, BEFORE) is None
        assert obstacle(confirmed, event_state(), {"anna": [2], "bruno": [2]}, BEFORE) == UNAVAILABLE, "the other says it now"
    before_it_was_looked_at = replace(BOOKED, appointment=replace(BOOKED.appointment, override_availability=None))
    assert obstacle(before_it_was_looked_at, event_state(), AWAY_THEN, BEFORE) is None
