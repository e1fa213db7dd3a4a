"""The rules of districts, members and contacts. Pure: no clock, no store, no randomness."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypedDict

from shared.chassis.errors import FieldError, Invalid, NotFound, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.registry import (
    ContactRecorded,
    DistrictOpened,
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
Status = Literal["applied", "approved", "refused", "withdrawn"]


class District(TypedDict):
    name: dict[str, str]
    theme: dict[str, str]


class Member(TypedDict):
    name: str
    kind: str
    identifiers: list[dict[str, str]]
    districts: list[str]
    place: dict[str, Any]
    profile: dict[str, Any]
    status: Status
    reason: str | None
    offers: dict[str, dict[str, Any]]
    needs: dict[str, dict[str, Any]]


class Contact(TypedDict):
    member_id: str
    name: str
    email: str
    language: str


def open_district(state: District | None, opened: DistrictOpened) -> Sequence[DomainEvent]:
    """Open a district; the same one again is nothing new, another by its id is refused."""
    if state is None:
        return [opened]
    if state == opened.model_dump():
        return []
    raise Refusal("district-exists", it="Un altro distretto ha già questo id.", en="Another district has this id already.")


def evolve_district(state: District | None, event: DomainEvent) -> District:
    """Fold an event of a district."""
    assert isinstance(event, DistrictOpened)
    return {"name": event.name.model_dump(), "theme": event.theme.model_dump()}


def apply(state: Member | None, applied: MemberApplied) -> Sequence[DomainEvent]:
    """Apply for membership. Ids are new, so there is never a member yet; identity is kept unique by claims."""
    if state is not None:
        raise Refusal("member-exists", it="Questo membro esiste già.", en="This member exists already.")
    return [applied]


def admit(
    state: Member | None, applied: MemberApplied, offers: Mapping[str, Offer], needs: Mapping[str, Need]
) -> Sequence[DomainEvent]:
    """Take a member in whole, as a manager's import does: applied, approved, with all it offers and needs."""
    events: list[DomainEvent] = [*apply(state, applied), MemberApproved()]
    events += [OfferPublished(offer_id=id, offer=offer) for id, offer in offers.items()]
    events += [NeedPublished(need_id=id, need=need) for id, need in needs.items()]
    return events


def approve(state: Member | None) -> Sequence[DomainEvent]:
    """Approve an application; approving twice changes nothing."""
    member = _existing(state)
    if member["status"] == "approved":
        return []
    _in_status(member, "applied")
    return [MemberApproved()]


def refuse(state: Member | None, reason: str) -> Sequence[DomainEvent]:
    """Refuse an application, with the reason; its identifiers are free again."""
    _in_status(_existing(state), "applied")
    return [MemberRefused(reason=reason)]


def withdraw(state: Member | None, reason: str) -> Sequence[DomainEvent]:
    """Leave; its identifiers are free again."""
    _in_status(_existing(state), "approved")
    return [MemberWithdrawn(reason=reason)]


def revise_profile(state: Member | None, profile: Profile) -> Sequence[DomainEvent]:
    """Replace the profile; the same profile again changes nothing."""
    member = _existing(state)
    _in_status(member, "applied", "approved")
    return [] if Profile.model_validate(member["profile"]) == profile else [MemberProfileRevised(profile=profile)]


def publish_offer(state: Member | None, id: str, offer: Offer) -> Sequence[DomainEvent]:
    """Publish an offer of an approved member, at most fifty."""
    member = _existing(state)
    _in_status(member, "approved")
    _below_cap(member["offers"], MOST_OFFERS, "offers")
    return [OfferPublished(offer_id=id, offer=offer)]


def withdraw_offer(state: Member | None, id: str) -> Sequence[DomainEvent]:
    """Withdraw an offer. Raises NotFound where there is none by this id."""
    _part(_existing(state)["offers"], id)
    return [OfferWithdrawn(offer_id=id)]


def publish_need(state: Member | None, id: str, need: Need) -> Sequence[DomainEvent]:
    """Publish a need of an approved member, at most fifty."""
    member = _existing(state)
    _in_status(member, "approved")
    _below_cap(member["needs"], MOST_NEEDS, "needs")
    return [NeedPublished(need_id=id, need=need)]


def withdraw_need(state: Member | None, id: str) -> Sequence[DomainEvent]:
    """Withdraw a need. Raises NotFound where there is none by this id."""
    _part(_existing(state)["needs"], id)
    return [NeedWithdrawn(need_id=id)]


def evolve_member(state: Member | None, event: DomainEvent) -> Member:
    """Fold an event of a member."""
    if isinstance(event, MemberApplied):
        return {**event.model_dump(), "status": "applied", "reason": None, "offers": {}, "needs": {}}  # type: ignore[typeddict-item]
    assert state is not None, "a member begins with its application"
    fold = _FOLDS[type(event)]
    return {**state, **fold(state, event)}  # type: ignore[typeddict-item]


_FOLDS: dict[type[DomainEvent], Callable[[Member, Any], dict[str, Any]]] = {
    MemberApproved: lambda _, e: {"status": "approved"},
    MemberRefused: lambda _, e: {"status": "refused", "reason": e.reason},
    MemberWithdrawn: lambda _, e: {"status": "withdrawn", "reason": e.reason},
    MemberProfileRevised: lambda _, e: {"profile": e.profile.model_dump()},
    OfferPublished: lambda s, e: {"offers": {**s["offers"], e.offer_id: e.offer.model_dump()}},
    OfferWithdrawn: lambda s, e: {"offers": _without(s["offers"], e.offer_id)},
    NeedPublished: lambda s, e: {"needs": {**s["needs"], e.need_id: e.need.model_dump()}},
    NeedWithdrawn: lambda s, e: {"needs": _without(s["needs"], e.need_id)},
}


def identity_claims(_id: str, state: Member) -> Iterable[str]:
    """Claim every identifier for as long as the organisation applies or is a member."""
    if state["status"] in ("applied", "approved"):
        for identifier in state["identifiers"]:
            yield f"{identifier['scheme']}:{identifier['value']}"


def record_contact(state: Contact | None, contact: ContactRecorded) -> Sequence[DomainEvent]:
    """Record whom to write to; the same contact again changes nothing."""
    return [] if state == contact.model_dump() else [contact]


def first_contact(state: Contact | None, contact: ContactRecorded) -> Sequence[DomainEvent]:
    """Record whom to write to where there is nobody yet: an import never replaces what a member said."""
    return [] if state else [contact]


def evolve_contact(_state: Contact | None, event: DomainEvent) -> Contact:
    """Fold an event of a contact: each is the whole of it."""
    assert isinstance(event, ContactRecorded)
    return event.model_dump()  # type: ignore[return-value]


def _existing(state: Member | None) -> Member:
    if state is None:
        raise NotFound("member-unknown", it="Non c'è nessun membro con questo id.", en="There is no member by this id.")
    return state


def _in_status(member: Member, *allowed: Status) -> None:
    if member["status"] not in allowed:
        names = " / ".join(allowed)
        raise Refusal(
            "member-status",
            it=f"Il membro è nello stato {member['status']}; qui serve: {names}.",
            en=f"The member is {member['status']}; here it must be: {names}.",
        )


def _below_cap(parts: Mapping[str, Any], cap: int, field: str) -> None:
    if len(parts) >= cap:
        raise Refusal(
            f"too-many-{field}",
            it=f"Un membro ne ha al massimo {cap}: ritirarne una prima.",
            en=f"A member has at most {cap} {field}: withdraw one first.",
            errors=(FieldError(field, "max_length", f"at most {cap}", f"al massimo {cap}"),),
        )


def _part(parts: Mapping[str, Any], id: str) -> None:
    if id not in parts:
        raise NotFound("part-unknown", it=f"Il membro non ha {id}.", en=f"The member has no {id}.")


def _without(parts: Mapping[str, Any], id: str) -> dict[str, Any]:
    return {key: value for key, value in parts.items() if key != id}


def invalid(field: str, rule: str, it: str, en: str) -> Invalid:
    """Refuse one field of a command."""
    return Invalid("invalid", it=f"{field}: {it}", en=f"{field}: {en}", errors=(FieldError(field, rule, en, it),))
