"""The newest agenda, read whole or in part."""

from dataclasses import replace

import pytest

from services.events.agenda import queries
from services.events.agenda.state import OwnTable, Unplaced
from services.events.agenda.versions import AGENDA_VERSIONS, fold_version, version_id
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo
from shared.contracts.base import LocalizedText
from tests.events.calendar.test_history import received, version
from tests.events.computation.factories import newest
from tests.events.stored import put_agenda

REASON = LocalizedText(it="-", en="-")
AGENDA = replace(
    newest({"ab": (("anna", "bruno"), 1, 1), "acd": (("anna", "carla", "dora"), 2, 1), "ce": (("carla", "elio"), 1, 2)}),
    unplaced=(Unplaced("bd", ("bruno", "dora"), REASON), Unplaced("aec", ("elio", "anna"), REASON, ("carla",))),
    own_tables=(OwnTable("elio", 2),),
    input="restored:3:abc",
)


async def test_before_the_first_version_there_is_nothing(mongo: Mongo) -> None:
    with pytest.raises(NotFound, match="agenda-unknown"):
        await queries.read_agenda(mongo, "e")
    with pytest.raises(NotFound, match="agenda-unknown"):
        await queries.agenda_of_member(mongo, "e", "anna")
    with pytest.raises(NotFound, match="version-unknown"):
        await queries.read_version(mongo, "e", 1)
    assert not await queries.is_published(mongo, "e")
    assert await queries.placement_in_agenda(mongo, "e", "ab") is None
    assert await queries.slots_in_agenda(mongo, "e", None) == {}
    assert await queries.tables_in_agenda(mongo, "e", ["anna"]) == queries.Tables()
    assert await queries.input_digest(mongo, "e") is None


async def test_each_part_has_what_it_names_and_no_more(mongo: Mongo) -> None:
    await put_agenda(mongo, AGENDA)
    assert (await queries.read_agenda(mongo, "e")).state == AGENDA
    assert await queries.is_published(mongo, "e")
    ab, acd, ce = AGENDA.placements
    for member, placed, unplaced in (("dora", [acd], ["bd"]), ("carla", [acd, ce], ["aec"]), ("zeno", [], [])):
        own = await queries.agenda_of_member(mongo, "e", member)
        assert (list(own.placements), [meeting.meeting_id for meeting in own.unplaced]) == (placed, unplaced)
    assert await queries.placement_in_agenda(mongo, "e", "acd") == acd
    assert await queries.placement_in_agenda(mongo, "e", "bd") is None
    assert await queries.slots_in_agenda(mongo, "e", None) == {"ab": 1, "acd": 2, "ce": 1}
    tables = await queries.tables_in_agenda(mongo, "e", ["dora", "bruno"])
    assert (tables.placements, tables.own_table_of) == ((ab, acd), {"elio": 2})
    assert await queries.input_digest(mongo, "e") == "abc"


async def test_versions_are_listed_in_brief_in_their_order(mongo: Mongo) -> None:
    for number in (10, 9):
        placed = [(f"m{table}", ("anna", "bruno"), 1, table) for table in range(1, number)]
        row = fold_version(version_id("fair", number), None, received(number), version(number, *placed))
        assert row is not None
        await mongo[AGENDA_VERSIONS.collection].insert_one({"_id": version_id("fair", number), **AGENDA_VERSIONS.dump(row)})
    first = await queries.list_versions(mongo, "fair", 1, None)
    second = await queries.list_versions(mongo, "fair", 1, first.next)
    assert [(brief.version, brief.placed, brief.unplaced) for brief in (*first.items, *second.items)] == [(9, 8, 0), (10, 9, 0)]
    assert second.next is None
    assert (await queries.read_version(mongo, "fair", 9)).published == received(9).envelope.time
