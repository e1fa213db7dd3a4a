"""Checks of lines of the import against the taxonomy, the districts and the identity rule."""

from collections.abc import Set as AbstractSet

from services.registry.bulk_import.schemas import ImportLine
from services.registry.member.validation import check_application, check_offer, check_topics
from shared.contracts.registry import MemberApplied


def check_line(line: ImportLine, districts: AbstractSet[str]) -> MemberApplied:
    """Check a line of the import. Raises Invalid, naming the field."""
    for number, offer in enumerate(line.offers):
        check_offer(offer, f"offers.{number}.")
    for number, need in enumerate(line.needs):
        check_topics(need.topics, f"needs.{number}.topics")
    return check_application(line, districts)
