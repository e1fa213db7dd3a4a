"""Members as matching sees them: who they are, what they offer and what they need."""

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.chassis.projections.projection import Projection
from shared.contracts.base import DomainEvent
from shared.contracts.registry import (
    MemberApplied,
    MemberApproved,
    MemberProfileRevised,
    MemberRefused,
    MemberWithdrawn,
    NeedPublished,
    NeedWithdrawn,
    OfferPublished,
    OfferWithdrawn,
)
from shared.contracts.topics import MEMBERS

STATUS: dict[type[DomainEvent], str] = {MemberApproved: "approved", MemberRefused: "refused", MemberWithdrawn: "withdrawn"}


def fold(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document:
    """Fold an event of a member into its view; identifiers and reasons are not for matching."""
    if isinstance(event, MemberApplied):
        return {
            **event.model_dump(include={"name", "kind", "districts", "place", "profile"}),
            "status": "applied",
            "offers": {},
            "needs": {},
        }
    assert document is not None, "a member begins with its application"
    if isinstance(event, MemberProfileRevised):
        return {**document, "profile": event.profile.model_dump()}
    if isinstance(event, OfferPublished):
        return {**document, "offers": {**document["offers"], event.offer_id: event.offer.model_dump()}}
    if isinstance(event, NeedPublished):
        return {**document, "needs": {**document["needs"], event.need_id: event.need.model_dump()}}
    if isinstance(event, OfferWithdrawn):
        return {**document, "offers": _without(document["offers"], event.offer_id)}
    if isinstance(event, NeedWithdrawn):
        return {**document, "needs": _without(document["needs"], event.need_id)}
    status = STATUS.get(type(event))
    return {**document, "status": status} if status else document


def _without(parts: Document, id: str) -> Document:
    return {key: part for key, part in parts.items() if key != id}


PROFILES = Projection("matching.members", (MEMBERS,), "members", fold, marks=lambda received, _: (received.id,))
