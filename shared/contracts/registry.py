"""What the registry publishes: districts, members with their offers and needs, contacts."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticKnownError

from shared.contracts.base import DomainEvent, Id, Items, Language, LocalizedText, Value
from shared.contracts.human_text import HumanText

Kind = Literal["innovative-startup", "sme", "large-firm", "research-organisation", "financial-operator"]
Scheme = Literal["vat", "fiscal-code", "lei", "pic", "register", "name"]
Nature = Literal["product", "technology", "research", "capital"]
Visibility = Literal["district", "network", "public"]
Ipr = Literal["none", "filed", "granted"]
Stage = Literal["pre-seed", "seed", "early", "growth", "later"]


Ateco = Annotated[
    str,
    Field(
        pattern=r"^\d{2}(\.\d{1,2}){0,2}$", description="Class of economic activity: a division (25), or finer (25.62, 25.62.00)."
    ),
]
MOST_EUR = 2**63 - 1
"""The largest whole number that a store keeps."""


def _bounded(amount: int) -> int:
    if amount > MOST_EUR:
        raise PydanticKnownError("less_than_equal", {"le": MOST_EUR})
    return amount


# Not `le`: a published schema may only grow, though no larger number was ever published.
Eur = Annotated[int, Field(ge=0), AfterValidator(_bounded)]


class Identifier(Value):
    """What tells an organisation from every other: `vat` IT00743110157, `pic` 999470541, ..."""

    scheme: Scheme
    value: Annotated[str, HumanText(200)]


class Place(Value):
    """Where an organisation sits: ISO 3166 country, NUTS 3 region (Florence is ITI14), city."""

    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166: two capital letters, such as IT.")
    nuts3: str | None = Field(
        default=None, pattern=r"^[A-Z]{2}[0-9A-Z]{3}$", description="NUTS 3: a country and three letters or digits, such as ITI14."
    )
    city: Annotated[str, HumanText(120, least=0)] | None = None


class Profile(Value):
    """What an organisation says of itself, in one language, with topics of the taxonomy."""

    summary: Annotated[str, HumanText(4000, least=0, lines=True)] = ""
    language: Language = "it"
    topics: Annotated[tuple[str, ...], Items(30)] = ()
    website: str | None = Field(default=None, max_length=300)
    ateco: Annotated[tuple[Ateco, ...], Items(10)] = ()


class Ticket(Value):
    """What a financial operator invests in one firm: stages, and EUR from `minimum` to `maximum`."""

    stages: Annotated[tuple[Stage, ...], Items(5)] = ()
    minimum: Eur | None = None
    maximum: Eur | None = None


class Round(Value):
    """What a firm looks for: the stage it is at and the EUR it wants."""

    stage: Stage | None = None
    amount: Eur | None = None


class Offer(Value):
    """Something a member can give. `trl` is the technology readiness level, 1 to 9; a `facility` is there to be used by others."""

    nature: Nature
    title: Annotated[str, HumanText(300)]
    text: Annotated[str, HumanText(4000, least=0, lines=True)] = ""
    language: Language = "it"
    topics: Annotated[tuple[str, ...], Items(30)] = ()
    trl: int | None = Field(default=None, ge=1, le=9)
    visibility: Visibility = "network"
    ticket: Ticket | None = None
    ipr: Ipr | None = None
    facility: bool = False


class Need(Value):
    """Something a member looks for. `nature` says which offers can answer it."""

    nature: Nature
    title: Annotated[str, HumanText(300)]
    text: Annotated[str, HumanText(4000, least=0, lines=True)] = ""
    language: Language = "it"
    topics: Annotated[tuple[str, ...], Items(30)] = ()
    trl: int | None = Field(default=None, ge=1, le=9)
    visibility: Visibility = "network"
    round: Round | None = None
    facility: bool = False


class DistrictOpened(DomainEvent):
    TYPE: ClassVar[str] = "registry.district-opened.v1"
    name: LocalizedText
    theme: LocalizedText


class MemberApplied(DomainEvent):
    TYPE: ClassVar[str] = "registry.member-applied.v1"
    name: Annotated[str, HumanText(300)]
    kind: Kind
    identifiers: Annotated[tuple[Identifier, ...], Items(10, least=1)]
    districts: Annotated[tuple[Id, ...], Items(20, least=1)]
    place: Place
    profile: Profile


class MemberApproved(DomainEvent):
    TYPE: ClassVar[str] = "registry.member-approved.v1"


class MemberRefused(DomainEvent):
    TYPE: ClassVar[str] = "registry.member-refused.v1"
    reason: Annotated[str, HumanText(1000, lines=True)]


class MemberProfileRevised(DomainEvent):
    TYPE: ClassVar[str] = "registry.member-profile-revised.v1"
    profile: Profile


class MemberWithdrawn(DomainEvent):
    TYPE: ClassVar[str] = "registry.member-withdrawn.v1"
    reason: Annotated[str, HumanText(1000, lines=True)]


class OfferPublished(DomainEvent):
    TYPE: ClassVar[str] = "registry.offer-published.v1"
    offer_id: Id
    offer: Offer


class OfferWithdrawn(DomainEvent):
    TYPE: ClassVar[str] = "registry.offer-withdrawn.v1"
    offer_id: Id


class NeedPublished(DomainEvent):
    TYPE: ClassVar[str] = "registry.need-published.v1"
    need_id: Id
    need: Need


class NeedWithdrawn(DomainEvent):
    TYPE: ClassVar[str] = "registry.need-withdrawn.v1"
    need_id: Id


class ContactRecorded(DomainEvent):
    """The whole of a contact: on a compacted topic the newest is all there is."""

    TYPE: ClassVar[str] = "registry.contact-recorded.v1"
    member_id: Id
    name: Annotated[str, HumanText(200)]
    email: str = Field(min_length=3, max_length=320)
    language: Language
