"""What sides asked for beyond their availability: a most number of meetings, and breaks between them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from services.events.agenda.state import Placement
from services.events.brokerage.rules.days import local_day
from services.events.brokerage.state import BrokerageEvent
from services.events.registration.rules.people import member_of
from services.events.registration.state import Registration


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
    """Name the members whose person would have a meeting nearer to the slot, on its day, than the breaks they asked for allow."""
    day = {entry.number: local_day(brokerage_event, entry.starts) for entry in brokerage_event.slots}
    booked = {(person, placement.slot) for placement in placements for person in placement.seated}
    return frozenset(
        member
        for person in people
        if (member := member_of(person, registrations)) in registrations
        for near in range(slot - registrations[member].min_break, slot + registrations[member].min_break + 1)
        if near != slot and day.get(near) == day.get(slot) and (person, near) in booked
    )
