"""What the rules of a meeting need to know beside its state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.rules.wishes import Obstacles, Overrides
from services.events.meeting.state import Meeting
from services.events.rows import Introduction
from shared.contracts.registry import Kind


class RequestUnseen(Exception):
    """The other side requested an appointment just now, after the context of this command was read: it is to be read again."""


@dataclass(frozen=True)
class Place:
    """A table, and who sits there, in the order of the sides."""

    table: int
    people: tuple[str, ...]


@dataclass(frozen=True)
class MeetingContext(Obstacles):
    """What other aggregates said when the command came.

    `unwilling` are those who do not want to meet who requests: a private wish, told to a manager (`by_manager`) alone. `place` is
    where an appointment would be. `people` are the representatives of each member; a member that has none is absent. `kinds` are
    those of the members. `request_seen` is the request as who accepts read it; what is in the way is of its slot, or of the one
    requested. `in_name_of` is what a manager that speaks for a side says to go beyond; None where the side speaks for itself.
    """

    brokerage_event: BrokerageEvent
    registered: frozenset[str]
    introduction: Introduction | None = None
    now: datetime | None = None
    unwilling: frozenset[str] = frozenset()
    by_manager: bool = False
    place: Place | None = None
    people: Mapping[str, Collection[str]] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    request_seen: Meeting | None = None
    in_name_of: Overrides | None = None
