"""What must be right about a brokerage event before it is drafted or announced."""

from datetime import datetime
from typing import Any

import pytest

from services.events.brokerage import state as brokerage_state
from services.events.brokerage.rules import lifecycle as brokerage
from shared.chassis.errors import Invalid, Refusal
from shared.contracts.events import (
    Quota,
    Table,
)
from tests.events.factories import LONG_BEFORE, MORNING, announced, drafted, slots
from tests.events.folding import Rule, as_stored

YEARS_LATER = {"starts": MORNING.replace(year=2072), "ends": MORNING.replace(year=2072, minute=50)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slots": slots(3)[1:]}, "slots.0.number"),
        ({"slots": (slots(1)[0].model_copy(update={"ends": MORNING.replace(day=MORNING.day % 20 + 8)}),)}, "slots.0.ends"),
        ({"slots": (slots(1)[0].model_copy(update={"ends": slots(1)[0].starts}),)}, "slots.0.ends"),
        ({"slots": (slots(2)[0], slots(2)[1].model_copy(update={"starts": slots(1)[0].starts}))}, "slots.1.starts"),
        ({"slots": (slots(1)[0].model_copy(update={"ends": MORNING.replace(year=9999)}),)}, "slots.0.ends"),
        ({"slots": (slots(1)[0].model_copy(update={"starts": MORNING.replace(year=1)}),)}, "slots.0.starts"),
        ({"slots": (slots(2)[0], slots(2)[1].model_copy(update=YEARS_LATER))}, "slots.1.ends"),
        ({"requests_until": slots(4)[3].ends}, "requests_until"),
        ({"requests_until": MORNING.replace(year=1)}, "requests_until"),
        ({"modes": ("b2b", "b2b")}, "modes.1"),
        ({"languages": ("it", "qq")}, "languages.1"),
        ({"special_tables": (Table(number=3),)}, "special_tables.0.number"),
        ({"special_tables": (Table(number=1), Table(number=1))}, "special_tables.1.number"),
        ({"special_tables": (Table(number=1, kind="fixed"),)}, "special_tables.0.member_id"),
        ({"special_tables": (Table(number=1, member_id="anna"),)}, "special_tables.0.member_id"),
        ({"special_tables": (Table(number=2, kind="virtual"),)}, "special_tables.0.kind"),
        ({"format": "hybrid"}, "special_tables"),
        ({"format": "hybrid", "special_tables": tuple(Table(number=n, kind="virtual") for n in (1, 2))}, "special_tables"),
        ({"quotas": (Quota(kind="sme", most=1), Quota(kind="sme", most=2))}, "quotas.1.kind"),
    ],
)
def test_a_wrong_announcement_names_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        brokerage.announce(None, announced(**change), LONG_BEFORE)
    assert [error.field for error in refused.value.errors] == [field]


def test_tables_fit_the_format() -> None:
    room, rooms = (Table(number=2, kind="virtual"),), (Table(number=1, kind="virtual"), Table(number=2, kind="virtual"))
    stand = Table(number=1, kind="fixed", member_id="anna")
    right: list[tuple[Any, Any]] = [("on-site", ()), ("hybrid", room), ("hybrid", (stand, *room))]
    for kind, special in [*right, *(("virtual", tables) for tables in ((), room, rooms))]:
        assert brokerage.announce(None, announced(format=kind, special_tables=special), LONG_BEFORE)


@pytest.mark.parametrize(
    ("now", "until", "field"),
    [
        (slots(3)[2].starts, None, "slots"),
        (slots(3)[2].starts, slots(3)[2].ends, "slots"),
        (MORNING, MORNING, "requests_until"),
        (slots(3)[1].starts, None, None),
        (MORNING, slots(1)[0].ends, None),
    ],
)
def test_only_what_is_to_come_is_announced(now: datetime, until: datetime | None, field: str | None) -> None:
    of_draft = as_stored(brokerage_state.evolve(None, drafted(requests_until=until)))
    at_once: Rule = lambda state: brokerage.announce(state, announced(requests_until=until), now)  # noqa: E731
    for state, rule in ((None, at_once), (of_draft, lambda state: brokerage.announce_draft(state, now))):
        if field is None:
            assert rule(state) == [announced(requests_until=until)]
            continue
        with pytest.raises(Refusal) as refused:
            rule(state)
        assert [error.field for error in refused.value.errors] == [field]
    announced_event = as_stored(brokerage_state.evolve(None, announced(requests_until=until)))
    assert at_once(announced_event) == [], "the same one again changes nothing, whenever it is said"
    assert brokerage.draft(None, drafted(requests_until=until)), "a draft may say anything"
