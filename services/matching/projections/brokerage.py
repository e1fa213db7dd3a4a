"""What matching knows of districts, of brokerage events and of who takes part in them."""

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import ASCENDING, Document, Index
from shared.chassis.projections.projection import Projection
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    BrokerageEventAnnounced,
    BrokerageEventCorrected,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
)
from shared.contracts.registry import DistrictOpened


def fold_district(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document | None:
    """Keep a district's name."""
    return {"name": event.name.model_dump()} if isinstance(event, DistrictOpened) else document


def fold_brokerage(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document | None:
    """Keep whose event it is and which ways of matching it is for. A draft is nobody's business yet."""
    if isinstance(event, BrokerageEventAnnounced | BrokerageEventCorrected):
        return event.model_dump(include={"title", "districts", "modes"})
    return document


def fold_participant(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document | None:
    """Keep who takes part in which event, and whom it does not want to meet there."""
    if isinstance(event, ParticipantRegistered | ParticipantPutOnStandby):
        return {
            "event_id": event.event_id,
            "member_id": event.member_id,
            "takes_part": isinstance(event, ParticipantRegistered),
            "avoids": sorted({one.member_id for one in event.preferences if one.wish == "no-thanks"}),
        }
    if isinstance(event, ParticipantWithdrew) and document is not None:
        return {**document, "takes_part": False}
    return document


DISTRICTS = Projection("matching.districts", (topics.DISTRICTS,), "districts", fold_district)
BROKERAGE = Projection("matching.brokerage", (topics.BROKERAGE,), "brokerage_events", fold_brokerage)
PARTICIPANTS = Projection("matching.participants", (topics.REGISTRATIONS,), "participants", fold_participant)

CONTEXT_INDEXES: dict[str, list[Index]] = {
    PARTICIPANTS.collection: [([("event_id", ASCENDING), ("takes_part", ASCENDING), ("member_id", ASCENDING)], {})],
}
