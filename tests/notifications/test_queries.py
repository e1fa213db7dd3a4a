"""A fact that has not arrived is awaited, by the event that brings it."""

from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.notifications import queries
from services.notifications.projections import BROKERAGE, MEETINGS, MEMBERS, REPRESENTATIVES
from services.notifications.read_models import Agreement, Meeting, Member, Representatives
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo
from shared.chassis.projections.projection import Projection
from shared.chassis.reactions.reaction import NotYet
from tests.notifications.factories import BROKERAGE_EVENT

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
async def mongo(settings: Settings) -> AsyncIterator[Mongo]:
    opened = Mongo(settings.mongo_url, settings.named("notifications"), 10)
    yield opened
    opened.close()


async def store(mongo: Mongo, projection: Projection[Any], id: str, row: Any) -> None:
    await mongo[projection.collection].replace_one({"_id": id}, projection.dump(row), upsert=True)


async def awaited(query: Awaitable[object]) -> tuple[str, int]:
    """The stream and the sequence that a query awaits."""
    with pytest.raises(NotYet) as missing:
        await query
    event = missing.value.awaited
    return next(value for value in vars(event).values() if "|" in str(value)), event.sequence


async def test_names_are_awaited_from_the_first_event_of_a_member(mongo: Mongo) -> None:
    await store(mongo, MEMBERS, "a", Member("Alfa", ("marble",), "applied", None))
    assert await queries.names_of(mongo, ["a", "a"]) == {"a": "Alfa"}
    assert await awaited(queries.names_of(mongo, ["a", "b"])) == ("registry.members|b", 1)


async def test_a_member_is_awaited_until_its_approval_is_folded(mongo: Mongo) -> None:
    member = Member("Alfa", ("marble",), "applied", None)
    await store(mongo, MEMBERS, "a", member)
    assert await awaited(queries.approved_member(mongo, "a", 2)) == ("registry.members|a", 2)
    approved = Member("Alfa", ("marble",), "approved", NOW)
    await store(mongo, MEMBERS, "a", approved)
    assert await queries.approved_member(mongo, "a", 2) == approved


async def test_a_draft_is_awaited_until_its_announcement(mongo: Mongo) -> None:
    assert await awaited(queries.announced_event(mongo, "e")) == ("events.brokerage|e", 1)
    draft = BROKERAGE.dump(BROKERAGE_EVENT) | {"status": "draft", "version": 3}
    await mongo[BROKERAGE.collection].insert_one({"_id": "e", **draft})
    assert await awaited(queries.announced_event(mongo, "e")) == ("events.brokerage|e", 4)
    await store(mongo, BROKERAGE, "e", BROKERAGE_EVENT)
    assert await queries.announced_event(mongo, "e") == BROKERAGE_EVENT


async def test_the_slot_of_an_agreement_is_the_one_requested_for_it(mongo: Mongo) -> None:
    await store(mongo, MEETINGS, "m", Meeting(("a", "b"), None, (Agreement(2, 4), Agreement(5, None))))
    assert [await queries.requested_slot(mongo, "m", sequence) for sequence in (2, 5)] == [4, None]
    assert await awaited(queries.requested_slot(mongo, "m", 7)) == ("events.meetings|m", 7)
    assert {id: meeting.members for id, meeting in (await queries.meetings_by_id(mongo, ["m"])).items()} == {"m": ("a", "b")}
    assert await awaited(queries.meetings_by_id(mongo, ["m", "n"])) == ("events.meetings|n", 1)


async def test_representatives_are_called_as_their_member_called_them_last(mongo: Mongo) -> None:
    for id, event, member, label in (("1", "e", "a", "Vendite"), ("2", "e", "b", "Ricerca"), ("3", "other", "a", "Acquisti")):
        await store(mongo, REPRESENTATIVES, id, Representatives(event, member, {"r1": label}))
    assert await queries.labels_of(mongo, "e", ["a", "c"]) == {"a:r1": "Vendite"}


async def test_an_agenda_is_awaited_by_its_version(mongo: Mongo) -> None:
    assert await awaited(queries.agenda_version(mongo, "e", 3)) == ("events.agendas|e", 3)
