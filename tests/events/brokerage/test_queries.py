"""Brokerage events as they are listed: drafts are their managers' own."""

from typing import Any

import pytest

from services.events.brokerage.queries import BrokerageEventFilter, list_brokerage_events, read_brokerage_event
from services.events.brokerage.state import Status
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import Principal
from shared.chassis.mongo import Mongo
from tests.events.factories import event_state
from tests.events.stored import put_event

EVENTS: dict[str, tuple[Status, tuple[str, ...]]] = {
    "draft-both": ("draft", ("marble", "wood")),
    "draft-wood": ("draft", ("wood",)),
    "fair": ("running", ("marble",)),
    "feast": ("announced", ("wood",)),
}


def principal(role: str, *districts: str) -> Principal:
    return Principal("somebody", frozenset({role}), None, frozenset(districts))


@pytest.fixture
async def events(mongo: Mongo) -> Mongo:
    for id, (status, districts) in EVENTS.items():
        await put_event(mongo, event_state(status, districts=districts), id)
    return mongo


async def listed(mongo: Mongo, sender: Principal | None, limit: int = 50, cursor: str | None = None, **criteria: Any) -> list[str]:
    """The ids of all pages."""
    named = BrokerageEventFilter(**{"district": None, "status": None} | criteria)
    page = await list_brokerage_events(mongo, named, sender, limit, cursor, lambda event: event.id)
    return [*page.items, *(await listed(mongo, sender, limit, page.next, **criteria) if page.next else [])]


async def test_a_draft_is_listed_to_managers_of_one_of_its_districts_and_to_operators(events: Mongo) -> None:
    public = ["fair", "feast"]
    for sender, drafts in (
        (None, []),
        (principal("member", "wood"), []),
        (principal("manager", "fashion"), []),
        (principal("manager", "marble"), ["draft-both"]),
        (principal("manager", "marble", "wood"), ["draft-both", "draft-wood"]),
        (principal("operator"), ["draft-both", "draft-wood"]),
    ):
        for limit in (1, 50):
            assert await listed(events, sender, limit) == [*drafts, *public]
        assert await listed(events, sender, status="draft") == drafts


async def test_events_are_listed_by_district_and_status(events: Mongo) -> None:
    assert await listed(events, None, district="wood") == ["feast"]
    assert await listed(events, principal("operator"), district="wood", status="draft") == ["draft-both", "draft-wood"]
    assert await listed(events, None, district="marble", status="announced") == []


async def test_an_event_is_read_by_its_id(events: Mongo) -> None:
    assert (await read_brokerage_event(events, "fair")).state.status == "running"
    with pytest.raises(NotFound, match="event-unknown"):
        await read_brokerage_event(events, "none")
