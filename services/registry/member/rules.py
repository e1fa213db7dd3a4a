"""The rules of members, with their offers and needs. Pure: no clock, no store, no randomness."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from services.registry.identity import rules as identity
from services.registry.member.state import Member, Status
from services.registry.member.state import Profile as ProfileState
from shared.chassis.documents import parse
from shared.chassis.errors import FieldError, NotFound, Refusal
from shared.chassis.texts import text
from shared.contracts.base import DomainEvent
from shared.contracts.registry import (
    MemberApplied,
    MemberApproved,
    MemberProfileRevised,
    MemberRefused,
    MemberWithdrawn,
    Need,
    NeedPublished,
    NeedWithdrawn,
    Offer,
    OfferPublished,
    OfferWithdrawn,
    Profile,
)

MOST_OFFERS = 50
MOST_NEEDS = 50


def apply(state: Member | None, applied: MemberApplied) -> Sequence[DomainEvent]:
    """Apply for membership. Ids are new, so there is never a member yet; identity is kept unique by claims."""
    if state is not None:
        raise Refusal("member-exists")
    return [applied]


def admit(
    state: Member | None, applied: MemberApplied, offers: Mapping[str, Offer], needs: Mapping[str, Need]
) -> Sequence[DomainEvent]:
    """Admit a member in one command, as a manager's import does: applied, approved, with its offers and needs."""
    events: list[DomainEvent] = [*apply(state, applied), MemberApproved()]
    events += [OfferPublished(offer_id=id, offer=offer) for id, offer in offers.items()]
    events += [NeedPublished(need_id=id, need=need) for id, need in needs.items()]
    return events


def approve(state: Member | None) -> Sequence[DomainEvent]:
    """Approve an application. A repetition changes nothing."""
    member = _existing(state)
    if member.status == "approved":
        return []
    _require_status(member, "applied")
    return [MemberApproved()]


def refuse(state: Member | None, reason: str) -> Sequence[DomainEvent]:
    """Refuse an application and release its identifiers."""
    _require_status(_existing(state), "applied")
    return [MemberRefused(reason=reason)]


def withdraw(state: Member | None, reason: str) -> Sequence[DomainEvent]:
    """End a membership and release its identifiers, or take an application back."""
    require_current(_existing(state))
    return [MemberWithdrawn(reason=reason)]


def revise_profile(state: Member | None, profile: Profile) -> Sequence[DomainEvent]:
    """Replace the profile. An equal one changes nothing."""
    member = _existing(state)
    require_current(member)
    return [] if member.profile == parse(ProfileState, profile) else [MemberProfileRevised(profile=profile)]


def publish_offer(state: Member | None, id: str, offer: Offer) -> Sequence[DomainEvent]:
    """Publish an offer of an approved member, at most fifty."""
    member = _existing(state)
    _require_status(member, "approved")
    if len(member.offers) >= MOST_OFFERS:
        raise _too_many("offers", MOST_OFFERS)
    return [OfferPublished(offer_id=id, offer=offer)]


def withdraw_offer(state: Member | None, id: str) -> Sequence[DomainEvent]:
    """Withdraw an offer. Raises NotFound for an unknown one."""
    if id not in _existing(state).offers:
        raise NotFound("part-unknown", id=id)
    return [OfferWithdrawn(offer_id=id)]


def publish_need(state: Member | None, id: str, need: Need) -> Sequence[DomainEvent]:
    """Publish a need of an approved member, at most fifty."""
    member = _existing(state)
    _require_status(member, "approved")
    if len(member.needs) >= MOST_NEEDS:
        raise _too_many("needs", MOST_NEEDS)
    return [NeedPublished(need_id=id, need=need)]


def withdraw_need(state: Member | None, id: str) -> Sequence[DomainEvent]:
    """Withdraw a need. Raises NotFound for an unknown one."""
    if id not in _existing(state).needs:
        raise NotFound("part-unknown", id=id)
    return [NeedWithdrawn(need_id=id)]


def identity_claims(_id: str, state: Member) -> Iterable[str]:
    """Claim what is a member's alone. An application claims nothing: anybody can send one."""
    return identity.exclusive_claims(state.identifiers) if state.status == "approved" else ()


def shared_identity_claims(_id: str, state: Member) -> Iterable[str]:
    """Claim what members may have in common that another identifier tells apart."""
    return identity.shared_claims(state.identifiers) if state.status == "approved" else ()


def are_distinct(member: Member, candidate: Member) -> bool:
    """Whether an identifier tells two members apart."""
    return identity.contradict(member.identifiers, candidate.identifiers)


def require_current(member: Member) -> None:
    """Raise a Refusal for who was refused or has left."""
    _require_status(member, "applied", "approved")


def _existing(state: Member | None) -> Member:
    if state is None:
        raise NotFound("member-unknown")
    return state


def _require_status(member: Member, *allowed: Status) -> None:
    if member.status not in allowed:
        names = [text(f"status-{status}") for status in allowed]
        either = reduce(lambda first, second: text("either", first=first, second=second), names)
        raise Refusal("member-status", status=text(f"status-{member.status}"), allowed=either)


def _too_many(field: str, limit: int) -> Refusal:
    return Refusal(f"too-many-{field}", FieldError(field, "max_length", text("field-at-most", limit=limit)), limit=limit)
