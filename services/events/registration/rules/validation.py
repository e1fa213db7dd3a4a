"""What must be right about how a member takes part."""

from collections.abc import Sequence

from services.events.brokerage.state import BrokerageEvent
from services.events.errors import invalid
from shared.contracts.events import Participation


def check_participation(asked: Participation, event: BrokerageEvent) -> None:
    """Raise Invalid, naming the field, where slots, representatives, preferences or the way of attending make no sense."""
    check_unavailable(asked.unavailable, len(event.slots))
    _check_distinct("representatives", "id", [one.id for one in asked.representatives])
    _check_distinct("preferences", "member_id", [one.member_id for one in asked.preferences])
    for number, one in enumerate(asked.preferences):
        if one.member_id == asked.member_id:
            raise invalid(f"preferences.{number}.member_id", "oneself", it="non si incontra sé stessi", en="nobody meets itself")
    if asked.attends == "virtual" and event.format == "on-site":
        raise invalid("attends", "format", it="l'evento è solo in presenza", en="the event is on-site only")


def check_unavailable(unavailable: Sequence[int], slots: int) -> None:
    """Raise Invalid where a slot does not exist or occurs twice."""
    for index, number in enumerate(unavailable):
        field = f"unavailable.{index}"
        if not 1 <= number <= slots:
            raise invalid(field, "slot", it=f"gli slot vanno da 1 a {slots}", en=f"slots run from 1 to {slots}")
        if number in unavailable[:index]:
            raise invalid(field, "unique", it=f"lo slot {number} compare due volte", en=f"slot {number} occurs twice")


def _check_distinct(field: str, part: str, ids: Sequence[str]) -> None:
    for number, id in enumerate(ids):
        if id in ids[:number]:
            raise invalid(f"{field}.{number}.{part}", "unique", it=f"{id} compare due volte", en=f"{id} occurs twice")
