"""An announced event is corrected: what may change, what stays and why, and what follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from distretti.devstack.token_issuer import Issuer
from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.rules import lifecycle as brokerage
from services.events.brokerage.rules.correction import Occupancy
from services.events.brokerage.state import evolve
from services.events.calendar.history import as_corrected
from services.events.calendar.ics import Entry
from services.events.main import SERVICE
from services.events.registration import state as registration_state
from services.events.registration.quotas import occupancy_of, places_for
from services.events.registration.rules import participation as registrations
from services.events.texts import TEXTS
from shared.chassis.config import Settings
from shared.chassis.errors import Refusal
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import (
    BrokerageEventClosed,
    BrokerageEventCorrected,
    BrokerageEventStarted,
    Occasion,
    ParticipantRegistered,
    Quota,
    RegistrationOpened,
    RequestsExpired,
    Table,
    Unanswered,
)
from tests.events.attendance.test_api import running_slots
from tests.events.factories import (
    LONG_BEFORE,
    MORNING,
    agree,
    announced,
    announcement,
    computed,
    drafted,
    feed_members,
    slots,
    stored_event,
)
from tests.events.folding import as_stored, folded
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
REGISTRATIONS = f"{EVENT}/registrations"
SPECIAL = (Table(number=1, kind="fixed", member_id="anna"), Table(number=2, kind="virtual", label="Sala 1"))
HYBRID: dict[str, Any] = {"format": "hybrid", "tables": 3, "special_tables": SPECIAL}
DEADLINE = MORNING - timedelta(days=2)


def state(*events: DomainEvent, **changes: Any) -> Any:
    return as_stored(folded(evolve, [announced(**changes), *events]))


def occasion(**changes: Any) -> Occasion:
    return Occasion(**announced(**changes).model_dump())


def correct(before: Any, now: datetime = LONG_BEFORE, occupancy: Occupancy = Occupancy(), **changes: Any) -> Sequence[DomainEvent]:
    return brokerage.correct(before, occasion(**changes), occupancy, now)


@pytest.mark.parametrize(
    ("change", "concerns"),
    [
        ({"title": LocalizedText(it="Incontri del Marmo", en="Marble meetings")}, True),
        ({"venue": "Carrara, sala grande"}, True),
        ({"slots": slots(4)}, True),
        ({"requests_until": DEADLINE}, True),
        ({"languages": ("it",)}, False),
        ({"places": 10}, False),
        ({"quotas": (Quota(kind="sme", most=5),)}, False),
        ({"fairness": 4}, False),
        ({"repairs": "asked"}, False),
        ({"tables": 4}, False),
        ({"tables": 4, "special_tables": (*SPECIAL, Table(number=4, kind="virtual"))}, False),
        ({"special_tables": (SPECIAL[0], SPECIAL[1].model_copy(update={"label": "Sala 2"}))}, False),
        ({"special_tables": (*SPECIAL, Table(number=3, label="Bar"))}, False),
    ],
)
def test_what_may_be_corrected_is_told_whole(change: dict[str, Any], concerns: bool) -> None:
    opened = state(RegistrationOpened(), **HYBRID)
    occupancy = Occupancy(("anna", "bruno"), 2, {"sme": 2})
    [correction] = correct(opened, occupancy=occupancy, **{**HYBRID, **change})
    assert isinstance(correction, BrokerageEventCorrected)
    assert set(correction.changed) == change.keys()
    assert correction.participants == (("anna", "bruno") if concerns else ())
    after = as_stored(evolve(opened, correction))
    expected = replace(evolve(None, announced(**{**HYBRID, **change})), corrections=1, status="registration-open")
    assert after == expected
    assert brokerage.correct(after, occasion(**{**HYBRID, **change}), occupancy, LONG_BEFORE) == [], (
        "the same again changes nothing"
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"timezone": "Europe/London"}, "timezone"),
        ({"districts": ("marble", "wood")}, "districts"),
        ({"modes": ("b2b",)}, "modes"),
        ({"format": "virtual"}, "format"),
        ({"slots": slots(2)}, "slots"),
        ({"slots": (slots(1)[0].model_copy(update={"starts": MORNING + timedelta(minutes=1)}), *slots(3)[1:])}, "slots.0.starts"),
        ({"slots": (*slots(2), slots(3)[2].model_copy(update={"session": 2}))}, "slots.2.session"),
        ({"tables": 2}, "tables"),
        ({"special_tables": SPECIAL[1:]}, "special_tables"),
        ({"special_tables": (Table(number=1, kind="fixed", member_id="bruno"), SPECIAL[1])}, "special_tables.0.member_id"),
        ({"special_tables": (*SPECIAL, Table(number=3, kind="virtual"))}, "special_tables.2.kind"),
        ({"special_tables": (SPECIAL[1], SPECIAL[0].model_copy(update={"seats": 4}))}, "special_tables.1.seats"),
        ({"places": 4}, "places"),
        ({"quotas": (Quota(kind="large-firm", most=0), Quota(kind="sme", most=3))}, "quotas.1.most"),
        ({"requests_until": LONG_BEFORE}, "requests_until"),
    ],
)
def test_what_others_rely_on_stays_and_is_named(change: dict[str, Any], field: str) -> None:
    occupancy = Occupancy(("anna",), 5, {"sme": 4})
    with pytest.raises(Refusal) as refused:
        correct(state(**HYBRID), occupancy=occupancy, **{**HYBRID, **change})
    [error] = refused.value.errors
    assert error.field == field
    if field in ("places", "quotas.1.most"):
        assert ("5" if field == "places" else "4") in TEXTS.write(refused.value.message, "en")


def test_districts_and_modes_are_the_same_in_any_order() -> None:
    joint = state(districts=("marble", "wood"))
    assert correct(joint, districts=("wood", "marble"), modes=("r2b", "b2b")) == []


def test_what_is_over_may_stay_and_nothing_that_is_over_may_be_set() -> None:
    running = state(BrokerageEventStarted(), requests_until=DEADLINE)
    late = slots(3)[2].ends
    [correction] = correct(running, late, requests_until=DEADLINE, venue="Massa")
    assert isinstance(correction, BrokerageEventCorrected)
    assert correction.changed == ("venue",)
    assert correct(running, late, requests_until=DEADLINE, slots=slots(6)), "one is still to come"
    for over in ({"slots": slots(4), "requests_until": DEADLINE}, {"requests_until": DEADLINE + timedelta(days=1)}):
        with pytest.raises(Refusal):
            correct(running, late, **over)


def test_a_draft_is_edited_and_what_is_closed_stays() -> None:
    for before, code in (
        (None, "event-unknown"),
        (as_stored(evolve(None, drafted())), "event-is-a-draft"),
        (state(BrokerageEventClosed()), "event-closed"),
    ):
        with pytest.raises(Refusal) as refused:
            correct(before, venue="Massa")
        assert refused.value.code == code


def test_an_event_of_before_whose_tables_do_not_fit_is_set_right() -> None:
    on_site = as_stored(evolve(None, announced(special_tables=(Table(number=2, kind="virtual", label="Bar"),))))
    assert correct(on_site, special_tables=(Table(number=2, label="Bar"),))
    hybrid = as_stored(evolve(None, announced(format="hybrid")))
    assert correct(hybrid, format="hybrid", tables=3, special_tables=(Table(number=3, kind="virtual"),))


def test_who_asked_is_told_once_of_each_deadline() -> None:
    first, second = state(requests_until=DEADLINE), state(requests_until=DEADLINE + timedelta(days=1))
    unanswered = [Unanswered(meeting_id="m", asked=("bruno",))]

    def expirations(registration: Any, event: Any) -> Sequence[DomainEvent]:
        return registrations.expire_requests(registration, unanswered, event, MORNING)

    registered = ParticipantRegistered(event_id="e", member_id="anna")
    registration = folded(registration_state.evolve, [registered])
    [expired] = expirations(registration, first)
    assert isinstance(expired, RequestsExpired)
    assert expired.until == DEADLINE
    second_registration = registered.model_copy(update={"again": True})
    once = folded(registration_state.evolve, [registered, expired, second_registration])
    assert expirations(once, first) == []
    [later] = expirations(once, second)
    assert expirations(folded(registration_state.evolve, [registered, expired, later]), second) == []
    before = folded(registration_state.evolve, [registered, expired.model_copy(update={"until": None})])
    assert expirations(before, first) == [], "it was told once the event was closed"


def test_in_calendars_what_is_corrected_comes_later() -> None:
    entries = [Entry("m", ("anna", "bruno"), 1, 1, version, MORNING, placed=True) for version in (3, 7)]
    event = replace(stored_event(state()), changed=MORNING + timedelta(days=1))
    assert as_corrected(event, entries) == entries
    corrected = as_corrected(replace(event, state=replace(event.state, corrections=2)), entries)
    assert [(entry.version, entry.changed) for entry in corrected] == [
        (5, MORNING + timedelta(days=1)),
        (9, MORNING + timedelta(days=1)),
    ]


async def test_a_manager_corrects_and_who_waits_moves_up(settings: Settings, issuer: Issuer) -> None:
    members = [f"m{number}" for number in range(6)]
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, members)
        manager, member = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "member", "m0")

        async def put(**changes: Any) -> Any:
            return await http.put(EVENT, json=announcement(**changes), headers=manager)

        assert (await put()).status_code == 404
        assert (await http.post("/v1/brokerage-events", json=announcement(id="fair", places=3), headers=manager)).is_success
        assert (await http.post(f"{EVENT}/open", headers=manager)).is_success
        for id in members:
            assert (await http.post(REGISTRATIONS, json={"member_id": id}, headers=manager)).is_success
        assert (await http.put(EVENT, json=announcement(), headers=member)).status_code == 403
        refused = await put(places=2)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (409, "places")
        same = await put(places=3)
        assert (same.status_code, same.json()["version"]) == (200, 2)

        corrected = await put(places=5, venue="Carrara, sala grande")
        assert (corrected.json()["version"], corrected.json()["status"]) == (3, "registration-open")
        assert (await http.get(EVENT)).json()["venue"] == "Carrara, sala grande"
        sent = await runtime.mongo[OUTBOX].find_one({"headers.ce_type": {"$regex": BrokerageEventCorrected.TYPE}})
        assert sent is not None
        correction = BrokerageEventCorrected.model_validate_json(sent["value"])
        assert (correction.changed, correction.participants) == (("venue", "places"), tuple(members))
        stale = await http.put(EVENT, json=announcement(places=9), headers={**manager, "If-Match": '"2"'})
        assert stale.status_code == 412

        async def moved_up() -> bool:
            listed = (await http.get(REGISTRATIONS, headers=manager)).json()["items"]
            return [registration["status"] for registration in listed].count("registered") == 5

        await eventually(moved_up)
        assert (await http.post(f"{EVENT}/close", headers=manager)).is_success
        assert (await put(venue="Massa")).json()["type"] == "urn:distretti:problem:event-closed"


async def places_left(runtime: Runtime, kind: str = "sme") -> list[str]:
    """Every place that may be given out now, by asking often: they are chosen at random."""
    event = (await brokerage_event(runtime.mongo, "fair")).state
    choices = [await places_for(runtime.mongo, "fair", event, kind) for _ in range(40)]
    return sorted({place for places in choices for place in places or ()})


async def test_another_limit_counts_who_is_there_already(settings: Settings, issuer: Issuer) -> None:
    members = [f"m{number}" for number in range(6)]
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, members)
        manager = bearer(issuer, "manager", districts=["marble"])

        async def put(**changes: Any) -> None:
            answer = await http.put(EVENT, json=announcement(**changes), headers=manager)
            assert answer.is_success, answer.text

        async def register(*ids: str) -> list[str]:
            answers = [await http.post(REGISTRATIONS, json={"member_id": id}, headers=manager) for id in ids]
            return [answer.json()["status"] for answer in answers]

        assert (await http.post("/v1/brokerage-events", json=announcement(id="fair"), headers=manager)).is_success
        assert (await http.post(f"{EVENT}/open", headers=manager)).is_success
        assert await register("m0", "m1") == ["registered", "registered"]

        # Who was there before the limit holds no number, and has its place.
        await put(places=4)
        assert await places_left(runtime) == ["all:1", "all:2"]
        await put(quotas=[{"kind": "sme", "most": 3}], places=9)
        assert await places_left(runtime) == [*(f"all:{number}" for number in range(1, 8)), "sme:1"]
        await put(places=60)
        occupancy = await occupancy_of(runtime.mongo, "fair")
        assert (occupancy.members, occupancy.places, occupancy.kinds) == (("m0", "m1"), 2, {"sme": 2})

        # Nor is anybody overlooked whose number is above a limit that was lowered.
        assert await register("m2", "m3") == ["registered", "registered"]
        await put(places=5)
        assert await register("m4", "m5") == ["registered", "standby"]
        assert await places_left(runtime) == []


async def test_a_running_day_is_repaired_when_slots_are_added(settings: Settings, issuer: Issuer) -> None:
    trio = [("anna", "bruno"), ("anna", "carla"), ("bruno", "carla")]
    async with serving(SERVICE, settings) as (runtime, http):
        room: dict[str, Any] = {"slots": running_slots(0, 2), "tables": 2}
        await agree(runtime, "fair", trio, **room)
        manager = bearer(issuer, "manager", districts=["marble"])
        await http.post(f"{EVENT}/agenda", json={"time_limit": 2}, headers=manager)
        assert (await computed(http, "fair", manager))["status"] == "published"

        async def without_place() -> int:
            return len((await http.get(f"{EVENT}/agenda", headers=manager)).json()["unplaced"])

        async def is_current() -> bool:
            return bool((await http.get(f"{EVENT}/agenda/computation", headers=manager)).json()["current"])

        assert (await without_place(), await is_current()) == (1, True)
        renamed = announced(**room, venue="Massa").model_dump(mode="json")
        assert (await http.put(EVENT, json=renamed, headers=manager)).is_success
        assert await is_current(), "a venue is no matter of the agenda"
        last = room["slots"][-1]
        third = last.model_copy(update={"number": 3, "starts": last.ends, "ends": last.ends + timedelta(minutes=50)})
        longer = announced(**{**room, "slots": (*room["slots"], third)}, venue="Massa").model_dump(mode="json")
        assert (await http.put(EVENT, json=longer, headers=manager)).is_success
        assert not await is_current()
        assert (await http.post(f"{EVENT}/start", headers=manager)).is_success

        async def all_have_a_place() -> bool:
            return await without_place() == 0 and await is_current()

        await eventually(all_have_a_place, 60)
        assert (await brokerage_event(runtime.mongo, "fair")).state.corrections == 2
