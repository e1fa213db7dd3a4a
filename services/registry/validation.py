"""Checks of applications against the taxonomy, the districts and the identity rule."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from services.registry.identifiers import normal_identifier
from services.registry.schemas import Application, ImportLine
from services.registry.websites import check_website
from shared.chassis.errors import invalid
from shared.contracts.registry import MemberApplied
from shared.contracts.taxonomy import TOPICS


def check_application(application: Application, districts: AbstractSet[str]) -> MemberApplied:
    """Turn an application into its domain event. Raises Invalid for an unknown district or topic, or a wrong identifier."""
    for number, district in enumerate(application.districts):
        if district not in districts:
            allowed = ", ".join(sorted(districts))
            raise invalid(f"districts.{number}", "district", "field-district", district=district, allowed=allowed)
    check_topics(application.profile.topics, "profile.topics")
    check_website(application.profile.website, "profile.website")
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
            raise invalid(f"{field}.{number}", "topic", "field-topic", topic=topic)


def check_line(line: ImportLine, districts: AbstractSet[str]) -> MemberApplied:
    """Check a line of the import. Raises Invalid, naming the field."""
    for number, offer in enumerate(line.offers):
        check_topics(offer.topics, f"offers.{number}.topics")
    for number, need in enumerate(line.needs):
        check_topics(need.topics, f"needs.{number}.topics")
    return check_application(line, districts)
