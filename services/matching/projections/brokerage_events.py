"""Districts, brokerage events and their participants, as matching knows them."""

from dataclasses import dataclass, replace

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.projections.projection import Projection
from shared.contracts import topics
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import (
    BrokerageEventAnnounced,
    BrokerageEventCorrected,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
)
from shared.contracts.matching import Mode
from shared.contracts.registry import DistrictOpened


@dataclass(frozen=True)
class DistrictRow:
    name: LocalizedText


@dataclass(frozen=True)
class BrokerageEventRow:
    """An announced brokerage event: the districts it belongs to, and the modes it is for."""

    title: LocalizedText
    districts: tuple[str, ...]
    modes: tuple[Mode, ...]


@dataclass(frozen=True)
class ParticipantRow:
    """A registration. `takes_part` is False on the waiting list and after a withdrawal; `avoids` are members not to meet."""

    event_id: str
    member_id: str
    takes_part: bool
    avoids: tuple[str, ...]


def fold_district(_id: str, row: DistrictRow | None, _received: Received, event: DomainEvent) -> DistrictRow | None:
    """Fold a district's name."""
    return DistrictRow(event.name) if isinstance(event, DistrictOpened) else row


def fold_brokerage_event(
    _id: str, row: BrokerageEventRow | None, _received: Received, event: DomainEvent
) -> BrokerageEventRow | None:
    """Fold an announced brokerage event; drafts are left out."""
    if isinstance(event, BrokerageEventAnnounced | BrokerageEventCorrected):
        return BrokerageEventRow(event.title, event.districts, event.modes)
    return row


def fold_participant(_id: str, row: ParticipantRow | None, _received: Received, event: DomainEvent) -> ParticipantRow | None:
    """Fold a registration."""
    if isinstance(event, ParticipantRegistered | ParticipantPutOnStandby):
        avoids = sorted({preference.member_id for preference in event.preferences if preference.wish == "no-thanks"})
        return ParticipantRow(event.event_id, event.member_id, isinstance(event, ParticipantRegistered), tuple(avoids))
    if isinstance(event, ParticipantWithdrew) and row is not None:
        return replace(row, takes_part=False)
    return row


DISTRICTS = Projection("matching.districts", (topics.DISTRICTS,), "districts", fold_district, row=DistrictRow)
BROKERAGE_EVENTS = Projection(
    "matching.brokerage", (topics.BROKERAGE,), "brokerage_events", fold_brokerage_event, row=BrokerageEventRow
)
PARTICIPANTS = Projection("matching.participants", (topics.REGISTRATIONS,), "participants", fold_participant, row=ParticipantRow)
PARTICIPANT_INDEXES: dict[str, list[Index]] = {
    PARTICIPANTS.collection: [([("event_id", ASCENDING), ("takes_part", ASCENDING), ("member_id", ASCENDING)], {})],
}
