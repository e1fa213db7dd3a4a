"""Checks of applications against the taxonomy, the districts and the identity rule."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from services.registry.identity.countries import check_country
from services.registry.identity.identifiers import normal_identifier
from services.registry.member.ateco import is_activity
from services.registry.member.schemas import Application
from services.registry.member.websites import check_website
from shared.chassis.errors import invalid
from shared.contracts.registry import MemberApplied, Offer, Profile
from shared.contracts.taxonomy import TOPICS


def check_application(application: Application, districts: AbstractSet[str]) -> MemberApplied:
    """Turn an application into its domain event. Raises Invalid for an unknown district or topic, or a wrong identifier."""
    for number, district in enumerate(application.districts):
        if district not in districts:
            allowed = ", ".join(sorted(districts))
            raise invalid(f"districts.{number}", "district", "field-district", district=district, allowed=allowed)
    check_country(application.place.country, "place.country")
    check_profile(application.profile, "profile.")
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


def check_profile(profile: Profile, place: str = "") -> None:
    """Raise Invalid for an unknown topic, a website that is none, and a class of ATECO that does not exist."""
    check_topics(profile.topics, f"{place}topics")
    check_website(profile.website, f"{place}website")
    for number, code in enumerate(profile.ateco):
        if not is_activity(code):
            raise invalid(f"{place}ateco.{number}", "ateco", "field-ateco", code=code)


def check_offer(offer: Offer, place: str = "") -> None:
    """Raise Invalid for an unknown topic, and a ticket that begins above its end."""
    check_topics(offer.topics, f"{place}topics")
    ticket = offer.ticket
    if ticket and ticket.minimum is not None and ticket.maximum is not None and ticket.minimum > ticket.maximum:
        raise invalid(f"{place}ticket.minimum", "ticket", "field-ticket", maximum=ticket.maximum)


def check_topics(topics: Sequence[str], field: str) -> None:
    """Raise Invalid for a topic that is not in the taxonomy."""
    for number, topic in enumerate(topics):
        if topic not in TOPICS:
            raise invalid(f"{field}.{number}", "topic", "field-topic", topic=topic)
