"""Members as matching knows them: who they are, what they offer and what they need."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from shared.chassis.documents import parse
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.projections.projection import Projection
from shared.contracts.base import DomainEvent, Language
from shared.contracts.registry import (
    Ipr,
    Kind,
    MemberApplied,
    MemberApproved,
    MemberProfileRevised,
    MemberRefused,
    MemberWithdrawn,
    Nature,
    NeedPublished,
    NeedWithdrawn,
    OfferPublished,
    OfferWithdrawn,
    Stage,
    Visibility,
)
from shared.contracts.topics import MEMBERS as TOPIC

Status = Literal["applied", "approved", "refused", "withdrawn"]
STATUSES: Mapping[type[DomainEvent], Status] = {
    MemberApproved: "approved",
    MemberRefused: "refused",
    MemberWithdrawn: "withdrawn",
}


@dataclass(frozen=True)
class PlaceRow:
    """Where a member is: ISO 3166 country, NUTS 3 region, city."""

    country: str
    nuts3: str | None = None
    city: str | None = None


@dataclass(frozen=True)
class ProfileRow:
    """How a member describes itself."""

    summary: str = ""
    language: Language = "it"
    topics: tuple[str, ...] = ()
    website: str | None = None
    ateco: tuple[str, ...] = ()


@dataclass(frozen=True)
class TicketRow:
    """The terms of a capital offer, EUR."""

    stages: tuple[Stage, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class RoundRow:
    """The terms of a capital need, EUR."""

    stage: Stage | None = None
    amount: int | None = None


@dataclass(frozen=True)
class OfferRow:
    """An offer of a member."""

    nature: Nature
    title: str
    text: str = ""
    language: Language = "it"
    topics: tuple[str, ...] = ()
    trl: int | None = None
    visibility: Visibility = "network"
    ticket: TicketRow | None = None
    ipr: Ipr | None = None
    facility: bool = False


@dataclass(frozen=True)
class NeedRow:
    """A need of a member."""

    nature: Nature
    title: str
    text: str = ""
    language: Language = "it"
    topics: tuple[str, ...] = ()
    trl: int | None = None
    visibility: Visibility = "network"
    round: RoundRow | None = None
    facility: bool = False


@dataclass(frozen=True)
class MemberRow:
    """A member with its offers and needs by id; identifiers and reasons are not for matching."""

    name: str
    kind: Kind
    districts: tuple[str, ...]
    place: PlaceRow
    profile: ProfileRow
    status: Status
    offers: dict[str, OfferRow]
    needs: dict[str, NeedRow]


def fold_member(_id: str, row: MemberRow | None, _received: Received, event: DomainEvent) -> MemberRow:
    """Fold an event of a member."""
    if isinstance(event, MemberApplied):
        application = event.model_dump(include={"name", "kind", "districts", "place", "profile"})
        return parse(MemberRow, {**application, "status": "applied", "offers": {}, "needs": {}})
    assert row is not None, "a member begins with its application"
    if isinstance(event, MemberProfileRevised):
        return replace(row, profile=parse(ProfileRow, event.profile.model_dump()))
    if isinstance(event, OfferPublished):
        return replace(row, offers={**row.offers, event.offer_id: parse(OfferRow, event.offer.model_dump())})
    if isinstance(event, NeedPublished):
        return replace(row, needs={**row.needs, event.need_id: parse(NeedRow, event.need.model_dump())})
    if isinstance(event, OfferWithdrawn):
        return replace(row, offers=_without(row.offers, event.offer_id))
    if isinstance(event, NeedWithdrawn):
        return replace(row, needs=_without(row.needs, event.need_id))
    status = STATUSES.get(type(event))
    return replace(row, status=status) if status else row


T = TypeVar("T")


def _without(items: Mapping[str, T], id: str) -> dict[str, T]:
    return {key: item for key, item in items.items() if key != id}


MEMBERS = Projection("matching.members", (TOPIC,), "members", fold_member, marks=lambda received, _: (received.id,), row=MemberRow)
MEMBER_INDEXES: dict[str, list[Index]] = {
    MEMBERS.collection: [
        ([("status", ASCENDING), ("_id", ASCENDING)], {}),
        ([("districts", ASCENDING), ("status", ASCENDING), ("_id", ASCENDING)], {}),
    ]
}
