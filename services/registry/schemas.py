"""What goes in and out over HTTP."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from services.registry.addresses import EmailAddress
from services.registry.rules import MOST_NEEDS, MOST_OFFERS
from services.registry.state import Status
from shared.chassis.http.answers import Answer
from shared.chassis.http.field_problems import FieldProblem
from shared.contracts.base import Id, Items, Language, LocalizedText
from shared.contracts.human_text import HumanText
from shared.contracts.registry import Ateco, Identifier, Ipr, Kind, Nature, Need, Offer, Place, Profile, Scheme, Stage, Visibility

MemberId = Annotated[Id, Path(description="The member's id.")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DistrictOpening(_Request):
    """A district to open."""

    id: Id
    name: LocalizedText
    theme: LocalizedText


class Reason(_Request):
    """Why. It is kept for ever: it names no person."""

    reason: Annotated[str, HumanText(1000, lines=True)]


class ContactDetails(_Request):
    """Whom to write to, and in which language."""

    name: Annotated[str, HumanText(200)]
    email: EmailAddress
    language: Language = "it"


class ContactReplacement(ContactDetails):
    """A contact in place of the one before: every field is given."""

    language: Language


class ProfileReplacement(Profile):
    """A profile in place of the one before: every field is given, also those that are empty."""

    summary: Annotated[str, HumanText(4000, least=0, lines=True)]
    language: Language
    topics: Annotated[tuple[str, ...], Items(30)]
    website: Annotated[str, Field(max_length=300)] | None
    ateco: Annotated[tuple[Ateco, ...], Items(10)]


class Application(_Request):
    """An organisation's application for membership."""

    name: Annotated[str, HumanText(300)]
    kind: Kind
    identifiers: list[Identifier] = Field(min_length=1, max_length=10)
    districts: list[Id] = Field(min_length=1, max_length=20)
    place: Place
    profile: Profile = Field(default_factory=Profile)


class ImportLine(Application):
    """A line of the bulk import: a member with its offers, needs and contact."""

    offers: list[Offer] = Field(default=[], max_length=MOST_OFFERS)
    needs: list[Need] = Field(default=[], max_length=MOST_NEEDS)
    contact: ContactDetails | None = None


class DistrictAnswer(Answer):
    """A district."""

    id: str
    name: LocalizedText
    theme: LocalizedText


class OpenedDistrict(DistrictAnswer):
    """A district with its version."""

    version: int


class Taxonomy(Answer):
    """The technology priorities and their topics, by their keys."""

    priorities: dict[str, LocalizedText]
    topics: dict[str, LocalizedText]


class IdentifierAnswer(Answer):
    """An identifier as it is claimed."""

    scheme: Scheme
    value: str


class PlaceAnswer(Answer):
    """Where an organisation sits."""

    country: str
    nuts3: str | None
    city: str | None


class ProfileAnswer(Answer):
    """What an organisation says of itself."""

    summary: str
    language: Language
    topics: list[str]
    website: str | None
    ateco: list[str]


class TicketAnswer(Answer):
    """What a financial operator invests in one firm, in EUR."""

    stages: list[Stage]
    minimum: int | None
    maximum: int | None


class RoundAnswer(Answer):
    """What a firm raises, in EUR."""

    stage: Stage | None
    amount: int | None


class _PartAnswer(Answer):
    nature: Nature
    title: str
    text: str
    language: Language
    topics: list[str]
    trl: int | None
    visibility: Visibility
    facility: bool


class OfferAnswer(_PartAnswer):
    """Something a member can give."""

    ticket: TicketAnswer | None
    ipr: Ipr | None


class NeedAnswer(_PartAnswer):
    """Something a member looks for."""

    round: RoundAnswer | None


class MemberAnswer(Answer):
    """A member with the offers and needs that the reader may see, by their ids.

    `version` is null for a reader who may not see all of them: it counts each change, also of what is hidden.
    """

    id: str
    version: int | None
    name: str
    kind: Kind
    identifiers: list[IdentifierAnswer]
    districts: list[str]
    place: PlaceAnswer
    profile: ProfileAnswer
    status: Status
    reason: str | None
    offers: dict[str, OfferAnswer]
    needs: dict[str, NeedAnswer]


class ContactAnswer(Answer):
    """Whom to write to."""

    member_id: str
    name: str
    email: str
    language: Language


class RecordedContact(ContactAnswer):
    """A contact with its id and version."""

    id: str
    version: int


class ImportedLine(Answer):
    """A line whose member was created, or exists by one of its identifiers."""

    line: int
    status: Literal["created", "exists"]
    id: str


class RejectedLine(Answer):
    """A line that is wrong (`invalid`), or could not be imported now (`failed`); the first errors, and how many more."""

    line: int
    status: Literal["invalid", "failed"]
    errors: list[FieldProblem]
    more_errors: int


class ImportSummary(Answer):
    """The last line of a whole import: how many lines had a result, and which."""

    status: Literal["complete"]
    lines: int
    created: int
    exists: int
    invalid: int
    failed: int
