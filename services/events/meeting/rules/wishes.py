"""What sides asked for: slots without meetings, a most number of meetings, breaks; and a manager that goes beyond. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.events.agenda.state import Placement
from services.events.brokerage.rules.days import local_day
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused
from services.events.registration.rules.people import member_of
from services.events.registration.state import Registration


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """What a manager says it goes beyond.

    `override_availability`: although a side is not available then. `override_wishes`: although a side has as many meetings as it
    wants, or asked for a longer break.
    """

    override_availability: bool = False
    override_wishes: bool = False


@dataclass(frozen=True, kw_only=True)
class Obstacles:
    """Who is not available in a slot, who has as many meetings as it wants, and who would have no break."""

    unavailable: frozenset[str] = frozenset()
    at_limit: frozenset[str] = frozenset()
    without_break: frozenset[str] = frozenset()


def check_wishes(sides: Sequence[str], obstacles: Obstacles, overrides: Overrides, placed: bool = False) -> None:
    """Raise Refusal, naming the side, where a manager decides for these sides beyond what they asked for and does not say so.

    A meeting that is `placed` already is no meeting more.
    """
    if not overrides.override_availability:
        _check_none(sides, obstacles.unavailable, "not-available")
    if not overrides.override_wishes:
        if not placed:
            _check_none(sides, obstacles.at_limit, "most-meetings-reached")
        _check_none(sides, obstacles.without_break, "break-too-short")


def at_limit(registrations: Mapping[str, Registration], placements: Iterable[Placement]) -> frozenset[str]:
    """Name the members that have as many meetings among these placements as they want, or more."""
    meetings = Counter(side for placement in placements for side in placement.sides)
    limits = {member: state.most_meetings for member, state in registrations.items()}
    return frozenset(member for member, limit in limits.items() if limit is not None and meetings[member] >= limit)


def without_break(
    people: Sequence[str],
    slot: int,
    registrations: Mapping[str, Registration],
    placements: Iterable[Placement],
    brokerage_event: BrokerageEvent,
) -> frozenset[str]:
    """Name the members whose person would have a meeting nearer to the slot, on its day, than the breaks they asked for allow.

    Where several of its `people` may come, a member is named only if each of them would.
    """
    day = {entry.number: local_day(brokerage_event, entry.starts) for entry in brokerage_event.slots}
    booked = {(person, placement.slot) for placement in placements for person in placement.seated}

    def is_rested(person: str, min_break: int) -> bool:
        near = set(range(slot - min_break, slot + min_break + 1)) - {slot}
        return not any(day.get(number) == day.get(slot) and (person, number) in booked for number in near)

    candidates = [(person, member) for person in people if (member := member_of(person, registrations)) in registrations]
    rested = {member for person, member in candidates if is_rested(person, registrations[member].min_break)}
    return frozenset(member for _, member in candidates if member not in rested)


def _check_none(sides: Sequence[str], members: frozenset[str], code: str) -> None:
    for side in sides:
        if side in members:
            raise refused(code, "slot", member=side)
