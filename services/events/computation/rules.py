"""The rules of a computation of an agenda."""

from services.events.brokerage.rules.lifecycle import not_closed
from services.events.brokerage.state import BrokerageEvent
from shared.chassis.errors import Refusal


def check_computable(brokerage_event: BrokerageEvent, accepted: int, published: bool) -> None:
    """Raise Refusal where there is nothing to compute: the event is closed, or no meeting is accepted and none ever was.

    Where an agenda is published and all its meetings are cancelled, an empty one replaces it.
    """
    not_closed(brokerage_event)
    if not accepted and not published:
        raise Refusal("no-accepted-meetings")
