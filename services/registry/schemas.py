"""What an applicant sends, and the checks that need the taxonomy, the districts and the identity rule."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from services.registry.identifiers import normal_identifier
from services.registry.rules import MOST_NEEDS, MOST_OFFERS, invalid
from shared.contracts.base import Id, Language
from shared.contracts.registry import Identifier, Kind, MemberApplied, Need, Offer, Place, Profile
from shared.contracts.taxonomy import TOPICS

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+"
LABEL = r"[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
ADDRESS = rf"^{ATOM}(\.{ATOM})*@{LABEL}(\.{LABEL})*$"
"""RFC 5321's mailbox without quoted names, address literals and letters outside ASCII: what a mail can be written to."""


class ContactDetails(BaseModel):
    """Whom to write to, and in which language."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    email: str = Field(min_length=3, max_length=320, pattern=ADDRESS)
    language: Language = "it"


class Application(BaseModel):
    """An organisation's application for membership."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=300)
    kind: Kind
    identifiers: list[Identifier] = Field(min_length=1, max_length=10)
    districts: list[Id] = Field(min_length=1, max_length=20)
    place: Place
    profile: Profile = Profile()


class ImportLine(Application):
    """A line of the bulk import: a member whole, with its offers, needs and contact."""

    offers: list[Offer] = Field(default=[], max_length=MOST_OFFERS)
    needs: list[Need] = Field(default=[], max_length=MOST_NEEDS)
    contact: ContactDetails | None = None


def check_application(application: Application, districts: set[str]) -> MemberApplied:
    """Turn an application into what happened. Raises Invalid for an unknown district or topic, or a wrong identifier."""
    for number, district in enumerate(application.districts):
        if district not in districts:
            known = ", ".join(sorted(districts))
            raise invalid(
                f"districts.{number}",
                "district",
                it=f"{district!r} non è un distretto; ammessi: {known}",
                en=f"{district!r} is no district; allowed: {known}",
            )
    check_topics(application.profile.topics, "profile.topics")
    identifiers = [
        normal_identifier(identifier, f"identifiers.{number}.value") for number, identifier in enumerate(application.identifiers)
    ]
    return MemberApplied(
        name=application.name,
        kind=application.kind,
        identifiers=tuple(dict.fromkeys(identifiers)),
        districts=tuple(dict.fromkeys(application.districts)),
        place=application.place,
        profile=application.profile,
    )


def check_topics(topics: Sequence[str], field: str) -> None:
    """Raise Invalid for a topic that is not in the taxonomy."""
    for number, topic in enumerate(topics):
        if topic not in TOPICS:
            raise invalid(
                f"{field}.{number}",
                "topic",
                it=f"{topic!r} non è nella tassonomia; vedere /v1/taxonomy",
                en=f"{topic!r} is not in the taxonomy; see /v1/taxonomy",
            )


def check_line(line: ImportLine, districts: set[str]) -> MemberApplied:
    """Check a whole line of the import. Raises Invalid, naming the field."""
    for number, offer in enumerate(line.offers):
        check_topics(offer.topics, f"offers.{number}.topics")
    for number, need in enumerate(line.needs):
        check_topics(need.topics, f"needs.{number}.topics")
    return check_application(line, districts)
