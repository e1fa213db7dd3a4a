"""Whether a mail that waited still says something new, or what it says is over. Pure.

A mail waits for a contact, or for a server that is away. What is over stays in the inbox, as history.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from services.notifications.messages.ledger import Message
from services.notifications.notices.facts import TEMPLATES, Appointment, Closing, Correction, MessageFacts, Proposal, Request
from services.notifications.read_models import BrokerageEvent, Meeting, MemberStatus
from shared.chassis.documents import parse

FRESH: Final = timedelta(hours=1)
"""A mail to a known contact that is younger is sent as it is: what goes on is told as it goes on."""
OUTCOMES: Final = timedelta(days=30)
"""So long after an event its outcomes are of interest."""

PARTICIPATION: Final = ("registration", "standby", "withdrawal")
LINES: Final[Mapping[str, tuple[str, ...]]] = {"agenda": ("agenda",), **dict.fromkeys(PARTICIPATION, PARTICIPATION)}
"""Templates of which the newest, about one event to one member, replaces those before."""


@dataclass(frozen=True)
class Situation:
    """What is known now of what a message is about; None, or nothing, where that is unknown.

    `statuses` are those of its recipient and of the members that it names. `replaced`: a newer message is in its stead.
    """

    now: datetime
    statuses: tuple[MemberStatus, ...] = ()
    brokerage_event: BrokerageEvent | None = None
    meeting: Meeting | None = None
    replaced: bool = False

    @property
    def status(self) -> str | None:
        """Where the brokerage event is in its life."""
        return self.brokerage_event.status if self.brokerage_event else None

    @property
    def ended(self) -> bool:
        """Whether the brokerage event is closed, or its last slot is over."""
        return self.status == "closed" or self.past()

    def past(self, margin: timedelta = timedelta()) -> bool:
        """Whether the last slot has been over for so long."""
        return self.brokerage_event is not None and self.brokerage_event.slots[-1].ends + margin <= self.now


def is_outdated(message: Message, situation: Situation) -> bool:
    """Whether what a message says is over: its event or meeting, its deadline, or what it asks for is answered."""
    if not {"refused", "withdrawn"}.isdisjoint(situation.statuses):
        return True
    rule = OUTDATED.get(message.template)
    return rule is not None and rule(message, situation, parse(TEMPLATES[message.template], message.facts))


Rule = Callable[[Message, Situation, Any], bool]


def never(_message: Message, _situation: Situation, _facts: MessageFacts) -> bool:
    """Last as long as the membership."""
    return False


def at_once(_message: Message, _situation: Situation, _facts: MessageFacts) -> bool:
    """Be of the moment alone."""
    return True


def unless(status: str) -> Rule:
    """Be over when the event is in another status, or its time has passed."""
    return lambda _message, situation, _facts: situation.status not in (status, None) or situation.past()


def ended(_message: Message, situation: Situation, _facts: MessageFacts) -> bool:
    """Be over with the event, or with a newer message in its stead."""
    return situation.ended or situation.replaced


def corrected(_message: Message, situation: Situation, facts: Correction) -> bool:
    """Be over when nothing that was corrected is as it was told, or its deadline has passed."""
    current = situation.brokerage_event
    if situation.ended or current is None:
        return situation.ended
    until = facts.requests_until
    holds = {
        "title": current.title == facts.event.title,
        "venue": current.venue == facts.event.venue,
        "slots": current.slots[-1].ends == facts.event.ends,
        "requests_until": current.requests_until == until and (until is None or until > situation.now),
    }
    return not any(holds[field] for field in facts.changed if field in holds)


def changed(message: Message, situation: Situation, _facts: MessageFacts) -> bool:
    """Be over when something else holds of the meeting since, or with the event."""
    return situation.ended or _has_changed(message, situation)


def answered(message: Message, situation: Situation, facts: Request) -> bool:
    """Be over when the recipient or another has answered, or the deadline has passed."""
    joined = situation.meeting is not None and message.recipient in situation.meeting.joined
    return joined or facts.until <= situation.now or changed(message, situation, facts)


def begun(message: Message, situation: Situation, facts: Proposal | Appointment) -> bool:
    """Be over when the slot has begun."""
    return facts.place.starts <= situation.now or changed(message, situation, facts)


def reported(message: Message, situation: Situation, _facts: MessageFacts) -> bool:
    """Outlast the event, until something else is reported."""
    return situation.past(OUTCOMES) or _has_changed(message, situation)


def recorded(message: Message, situation: Situation, _facts: MessageFacts) -> bool:
    """Outlast the event, until the same side records another outcome."""
    outcomes = situation.meeting.outcomes if situation.meeting else ()
    newest = {outcome.by: outcome.sequence for outcome in outcomes}
    sender = message.about.sender
    return situation.past(OUTCOMES) or (sender is not None and newest.get(sender, 0) > message.about.sequence)


def closed(_message: Message, situation: Situation, facts: Closing) -> bool:
    """Outlast the event where outcomes are asked for; else be over when its time has passed."""
    return situation.past(OUTCOMES if facts.meetings else timedelta())


def _has_changed(message: Message, situation: Situation) -> bool:
    return situation.meeting is not None and situation.meeting.changed > message.about.sequence


OUTDATED: Mapping[str, Rule] = {
    "welcome": never,
    "introduction": never,
    "event-announced": unless("announced"),
    "registration-open": unless("registration-open"),
    "event-corrected": corrected,
    "registration": ended,
    "standby": ended,
    "withdrawal": ended,
    "checked-in": at_once,
    "meeting-requested": answered,
    "meeting-accepted": changed,
    "meeting-declined": changed,
    "meeting-cancelled": changed,
    "requests-expired": ended,
    "appointment-proposed": begun,
    "appointment": begun,
    "appointment-dropped": changed,
    "agenda": ended,
    "meeting-missed": reported,
    "outcome": recorded,
    "event-closed": closed,
}
"""What makes the message of each template over, besides that its recipient, or who it introduces, is no member any more."""
