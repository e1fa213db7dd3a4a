"""An announced event is corrected: what may change, what stays and why, and what follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.events.brokerage.rules import lifecycle as brokerage
from services.events.brokerage.rules.correction import Occupancy
from services.events.brokerage.state import evolve
from services.events.texts import TEXTS
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import (
    BrokerageEventClosed,
    BrokerageEventCorrected,
    BrokerageEventStarted,
    Occasion,
    Quota,
    RegistrationOpened,
    Table,
)
from tests.events.factories import (
    LONG_BEFORE,
    MORNING,
    announced,
    drafted,
    slots,
)
from tests.events.folding import as_stored, folded

EVENT = "/v1/brokerage-events/fair"
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
