"""The state of a member, and how domain events evolve it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from services.registry.identity.state import Identifier
from shared.chassis.documents import parse
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

Status = Literal["applied", "approved", "refused", "withdrawn"]


@dataclass(frozen=True)
class Place:
    country: str
    nuts3: str | None
    city: str | None


@dataclass(frozen=True)
class Profile:
    summary: str
    language: Language
    topics: tuple[str, ...]
    website: str | None
    ateco: tuple[str, ...]


@dataclass(frozen=True)
class Ticket:
    """What a financial operator invests in one firm, in EUR."""

    stages: tuple[Stage, ...]
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True)
class Round:
    """What a firm raises, in EUR."""

    stage: Stage | None
    amount: int | None


@dataclass(frozen=True)
class _Part:
    """What offers and needs have in common."""

    nature: Nature
    title: str
    text: str
    language: Language
    topics: tuple[str, ...]
    trl: int | None
    visibility: Visibility
    facility: bool


@dataclass(frozen=True)
class Offer(_Part):
    ticket: Ticket | None
    ipr: Ipr | None


@dataclass(frozen=True)
class Need(_Part):
    round: Round | None


@dataclass(frozen=True)
class Member:
    """An organisation, from its application on. Offers and needs are by their ids."""

    name: str
    kind: Kind
    identifiers: tuple[Identifier, ...]
    districts: tuple[str, ...]
    place: Place
    profile: Profile
    status: Status
    reason: str | None
    offers: Mapping[str, Offer]
    needs: Mapping[str, Need]


def evolve(state: Member | None, event: DomainEvent) -> Member:
    """Fold an event of a member."""
    if isinstance(event, MemberApplied):
        return parse(Member, event.model_dump() | {"status": "applied", "reason": None, "offers": {}, "needs": {}})
    assert state is not None, "a member begins with its application"
    match event:
        case MemberApproved():
            return replace(state, status="approved")
        case MemberRefused(reason=reason):
            return replace(state, status="refused", reason=reason)
        case MemberWithdrawn(reason=reason):
            return replace(state, status="withdrawn", reason=reason)
        case MemberProfileRevised(profile=profile):
            return replace(state, profile=parse(Profile, profile))
        case OfferPublished(offer_id=id, offer=offer):
            return replace(state, offers={**state.offers, id: parse(Offer, offer)})
        case OfferWithdrawn(offer_id=id):
            return replace(state, offers={key: offer for key, offer in state.offers.items() if key != id})
        case NeedPublished(need_id=id, need=need):
            return replace(state, needs={**state.needs, id: parse(Need, need)})
        case NeedWithdrawn(need_id=id):
            return replace(state, needs={key: need for key, need in state.needs.items() if key != id})
    raise TypeError(f"{event.TYPE} is no event of a member")
