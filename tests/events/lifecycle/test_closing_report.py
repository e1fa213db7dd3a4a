"""An event that is closed early: nothing that was agreed or asked for ends without a word."""

from datetime import timedelta
from typing import Any

import pytest

from distretti.devstack.token_issuer import Issuer
from services.events.lifecycle.closing_report import Fate, closing_report, ending_of
from services.events.main import SERVICE
from services.events.meeting.aggregate import MEETING
from services.events.meeting.queries import meeting_id
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo
from shared.chassis.outbox.outbox import OUTBOX
from shared.contracts.base import DomainEvent
from shared.contracts.events import BrokerageEventClosed, RequestsExpired, Unanswered
from tests.events.appointment.test_concurrent_booking import coming_slots
from tests.events.computation.factories import registered
from tests.events.factories import MORNING, agree, event_state, feed_members, publish
from tests.events.stored import put_event, put_registrations
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"


async def sent(mongo: Mongo, kind: type[DomainEvent]) -> list[Any]:
    messages = mongo[OUTBOX].find({"headers.ce_type": {"$regex": kind.TYPE}})
    return [kind.model_validate_json(message["value"]) async for message in messages]


@pytest.mark.parametrize(
    ("is_over", "has_participants", "fates", "ending"),
    [
        (True, True, [], "held"),
        (True, True, ["missed"], "held"),
        (True, False, ["held"], "held"),
        (True, False, ["cancelled"], "cancelled"),
        (True, False, [], "cancelled"),
        (False, True, ["held", "to come"], "ended-early"),
        (False, True, ["to come", "cancelled"], "cancelled"),
        (False, True, ["missed"], "cancelled"),
        (False, True, [], "cancelled"),
    ],
)
def test_a_closed_event_was_held_ended_early_or_was_cancelled(
    is_over: bool, has_participants: bool, fates: list[Fate], ending: str
) -> None:
    assert ending_of(is_over, has_participants, fates) == ending


async def test_an_event_that_was_never_opened_was_not_held(mongo: Mongo) -> None:
    event = await put_event(mongo, event_state("announced"))
    assert (await closing_report(mongo, event, MORNING + timedelta(days=3))).ending == "cancelled"
    await put_registrations(mongo, registered("anna"))
    assert (await closing_report(mongo, event, MORNING + timedelta(days=3))).ending == "held"


async def test_what_had_no_place_and_what_nobody_answered_is_told(settings: Settings, issuer: Issuer) -> None:
    pairs = [("anna", "bruno"), ("anna", "carla"), ("bruno", "dora")]
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora"])
        await agree(runtime, "fair", pairs, slots=coming_slots(3), tables=1)
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1)})
        manager = bearer(issuer, "manager", districts=["marble"])
        request = {"by": "carla", "towards": "bruno", "mode": "b2b"}
        assert (await http.post(f"{EVENT}/meetings", json=request, headers=manager)).is_success
        assert (await http.delete(f"{EVENT}/registrations/dora", headers=manager)).is_success
        assert (await http.get(EVENT)).json()["ending"] is None
        for _ in range(2):
            assert (await http.post(f"{EVENT}/close", headers=manager)).json()["ending"] == "cancelled"
        assert [event["ending"] for event in (await http.get("/v1/brokerage-events")).json()["items"]] == ["cancelled"]

        ids = [meeting_id("fair", *pair) for pair in (*pairs, ("bruno", "carla"))]
        placed, without, of_dora, unanswered = ids
        (closed,) = await sent(runtime.mongo, BrokerageEventClosed)
        assert (closed.called_off, set(closed.without_place)) == ((placed,), {without, of_dora})
        assert (closed.gone, closed.registered) == (("dora",), ("anna", "bruno", "carla"))

        async def ended() -> bool:
            meeting = await runtime.mongo[MEETING.collection].find_one({"_id": unanswered, "state.status": "expired"})
            return meeting is not None

        await eventually(ended, 20)
        lapsed = Unanswered(meeting_id=unanswered, asked=("bruno",))
        assert await sent(runtime.mongo, RequestsExpired) == [
            RequestsExpired(event_id="fair", member_id="carla", unanswered=(lapsed,))
        ]
