"""Brokerage events and their participants as suggestions read them."""

import pytest

from services.matching.projections.brokerage_events import BROKERAGE_EVENTS, PARTICIPANTS, BrokerageEventRow, ParticipantRow
from services.matching.suggestion.queries import participants_of, read_brokerage_event
from shared.chassis.config import Settings
from shared.chassis.errors import NotFound
from shared.contracts.base import LocalizedText
from tests.matching.shortlist.fixtures import matching

FAIR = BrokerageEventRow(LocalizedText(it="Fiera", en="Fair"), ("marble",), ("b2b",))
ROWS = [
    ParticipantRow("fair", "anna", True, ("bruno",)),
    ParticipantRow("fair", "bruno", True, ()),
    ParticipantRow("fair", "carla", False, ()),
    ParticipantRow("feast", "dora", True, ()),
]


async def test_who_takes_part_is_read_with_whom_it_avoids(settings: Settings) -> None:
    async with matching(settings, 0) as mongo:
        with pytest.raises(NotFound):
            await read_brokerage_event(mongo, "fair")
        assert await participants_of(mongo, "fair") == {}
        await mongo[BROKERAGE_EVENTS.collection].insert_one({"_id": "fair", **BROKERAGE_EVENTS.dump(FAIR)})
        rows = [{"_id": f"r{number}", **PARTICIPANTS.dump(row)} for number, row in enumerate(ROWS)]
        await mongo[PARTICIPANTS.collection].insert_many(rows)
        assert await read_brokerage_event(mongo, "fair") == FAIR
        assert await participants_of(mongo, "fair") == {"anna": ("bruno",), "bruno": ()}
