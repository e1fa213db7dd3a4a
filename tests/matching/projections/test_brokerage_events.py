"""Folding brokerage events and registrations."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from services.matching.projections.brokerage_events import (
    BrokerageEventRow,
    ParticipantRow,
    fold_brokerage_event,
    fold_participant,
)
from shared.chassis.inbox.message import Received
from shared.contracts.base import LocalizedText
from shared.contracts.events import (
    BrokerageEventAnnounced,
    BrokerageEventCorrected,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    Preference,
    Slot,
)

RECEIVED = cast(Received, SimpleNamespace(id="fair", sequence=1))
STARTS, ENDS = datetime(2027, 3, 10, 9, tzinfo=UTC), datetime(2027, 3, 10, 10, tzinfo=UTC)
FAIR = BrokerageEventAnnounced(
    title=LocalizedText(it="Fiera", en="Fair"),
    districts=("marble",),
    modes=("b2b",),
    venue="Carrara",
    timezone="Europe/Rome",
    slots=(Slot(number=1, starts=STARTS, ends=ENDS),),
    tables=2,
)


def test_a_brokerage_event_has_its_corrected_title() -> None:
    row = fold_brokerage_event("fair", None, RECEIVED, FAIR)
    assert row == BrokerageEventRow(FAIR.title, ("marble",), ("b2b",))
    title = LocalizedText(it="Fiera del marmo", en="Marble fair")
    corrected = BrokerageEventCorrected(**{**FAIR.model_dump(), "title": title}, changed=("title",))
    assert fold_brokerage_event("fair", row, RECEIVED, corrected) == BrokerageEventRow(title, ("marble",), ("b2b",))


def test_a_participant_on_the_waiting_list_or_withdrawn_takes_no_part() -> None:
    avoided = (Preference(member_id="fabio", wish="no-thanks"), Preference(member_id="gina", wish="must"))
    registered = fold_participant(
        "r", None, RECEIVED, ParticipantRegistered(event_id="fair", member_id="anna", preferences=avoided)
    )
    assert registered == ParticipantRow("fair", "anna", takes_part=True, avoids=("fabio",))
    withdrawn = fold_participant("r", registered, RECEIVED, ParticipantWithdrew(event_id="fair", member_id="anna"))
    assert withdrawn is not None
    assert not withdrawn.takes_part
    standby = ParticipantPutOnStandby(event_id="fair", member_id="dora", since=STARTS)
    assert fold_participant("s", None, RECEIVED, standby) == ParticipantRow("fair", "dora", takes_part=False, avoids=())
