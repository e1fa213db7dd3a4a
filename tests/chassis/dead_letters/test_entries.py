"""Dead letters as operators see them: named by a short id, with the events behind them."""

import pytest

from shared.chassis.config import Settings
from shared.chassis.dead_letters.entries import NoSuchEntry, behind, entries, find_entry, type_of
from shared.chassis.inbox.held_events import hold_undecodable
from shared.chassis.inbox.message import Record
from shared.contracts.registry import MemberApproved
from shared.contracts.topics import CONTACTS, MEMBERS
from tests.chassis.held_records import CONSUMER, hold_event, store
from tests.chassis.received_event import MOMENT


async def test_a_dead_letter_is_listed_with_what_it_holds_up(settings: Settings) -> None:
    async with store(settings) as mongo:
        await hold_event(mongo, 3, "parked", reason="cannot be applied")
        for sequence in (5, 4):
            await hold_event(mongo, sequence, "gap")
        await hold_event(mongo, 2, "gap", subject="m2")
        [entry] = await entries(mongo)
        assert (entry.stream, entry.sequence, entry.behind) == (f"{MEMBERS.name}|m1", 3, 2)
        assert (entry.type, entry.reason, entry.private) == (MemberApproved.TYPE, "cannot be applied", False)
        assert [held.sequence async for held in behind(mongo, entry)] == [4, 5]
        assert len(await entries(mongo, held=True)) == 4
        assert await entries(mongo, consumer="hearing.other", held=True) == []


async def test_an_entry_is_found_by_the_start_of_its_id_if_there_is_one(settings: Settings) -> None:
    async with store(settings) as mongo:
        for subject in ("m1", "m2"):
            await hold_event(mongo, 1, "parked", subject=subject)
        first, second = await entries(mongo)
        for entry in (first, second):
            found_entry, document = await find_entry(mongo, entry.id[:6])
            assert (found_entry, document["record"]["value"]) == (entry, b"{}")
        for id, count in (("", 2), ("no such id", 0)):
            with pytest.raises(NoSuchEntry) as missing:
                await find_entry(mongo, id)
            assert missing.value.count == count


async def test_a_record_that_is_no_event_has_no_stream_and_a_contact_is_private(settings: Settings) -> None:
    async with store(settings) as mongo:
        await hold_undecodable(mongo, CONSUMER, Record(CONTACTS.name, 0, 7, None, (), None), "no id", MOMENT)
        [entry] = await entries(mongo)
        assert (entry.stream, entry.sequence, entry.type, entry.behind, entry.private) == (None, None, None, 0, True)
        assert [held async for held in behind(mongo, entry)] == []


@pytest.mark.parametrize(
    ("headers", "type"),
    [
        ([["ce_type", b"it.toscana.distretti.registry.member-approved.v1"]], "registry.member-approved.v1"),
        ([["ce_type", None], ["ce_type", b"elsewhere"]], "elsewhere"),
        ([["ce_type", b"\xff\x00"]], "\\xff\x00"),
        ([["ce_type", b"x" * 500]], "x" * 200),
        ([["other", b"x"]], None),
    ],
)
def test_the_type_of_any_record_is_told(headers: list[list[object]], type: str | None) -> None:
    assert type_of(headers) == type
