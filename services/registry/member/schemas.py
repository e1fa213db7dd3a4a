"""Members as they are sent and answered."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from services.registry.member.state import Status
from shared.chassis.http.answers import Answer
from shared.chassis.http.replacements import Replacement
from shared.contracts.base import Id, Language
from shared.contracts.human_text import HumanText
from shared.contracts.registry import Identifier, Ipr, Kind, Nature, Place, Profile, Scheme, Stage, Visibility

MemberId = Annotated[Id, Path(description="The member's id.")]


class Reason(BaseModel):
    """Why. It is kept for ever: it names no person."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, HumanText(1000, lines=True)]


class ProfileReplacement(Replacement, Profile):
    """A profile in place of the one before: every field is given, also those that are empty."""


class Application(BaseModel):
    """An organisation's application for membership."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, HumanText(300)]
    kind: Kind
    identifiers: list[Identifier] = Field(min_length=1, max_length=10)
    districts: list[Id] = Field(min_length=1, max_length=20)
    place: Place
    profile: Profile = Field(default_factory=Profile)


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
