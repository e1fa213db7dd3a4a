"""Checks of how a member takes part."""

from collections.abc import Sequence

from services.events.brokerage.rules.distinct import check_distinct
from services.events.brokerage.rules.languages import check_languages
from services.events.brokerage.state import BrokerageEvent
from shared.chassis.errors import invalid
from shared.contracts.events import Participation


def check_participation(requested: Participation, brokerage_event: BrokerageEvent) -> None:
    """Raise Invalid, naming the field, where slots, languages, representatives, wishes or the way of attending make no sense."""
    check_unavailable(requested.unavailable, len(brokerage_event.slots))
    check_languages(requested.languages)
    check_distinct("representatives", ".id", [representative.id for representative in requested.representatives])
    check_distinct("preferences", ".member_id", [preference.member_id for preference in requested.preferences])
    for number, preference in enumerate(requested.preferences):
        if preference.member_id == requested.member_id:
            raise invalid(f"preferences.{number}.member_id", "oneself", "field-oneself")
    if requested.attends == "virtual" and brokerage_event.format == "on-site":
        raise invalid("attends", "format", "field-on-site-only")


def check_unavailable(unavailable: Sequence[int], slots: int) -> None:
    """Raise Invalid where a slot does not exist or occurs twice."""
    for index, number in enumerate(unavailable):
        field = f"unavailable.{index}"
        if not 1 <= number <= slots:
            raise invalid(field, "slot", "field-slot", last=slots)
        if number in unavailable[:index]:
            raise invalid(field, "unique", "field-slot-twice", slot=number)
