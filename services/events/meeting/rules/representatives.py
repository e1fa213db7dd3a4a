"""Who sits in a meeting: the member itself, or one of its representatives where it has named several. Pure.

A person is a representative: each has meetings, claims and breaks of its own, so that two of one member can meet at the same time.
What a member asks for as a whole, its most meetings, its representatives share.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from services.events.meeting.state import Meeting


def eligible(people: Sequence[str], named: Collection[str]) -> tuple[str, ...]:
    """Name who of a member may sit in a meeting: the one named for it; anybody where none was, or that one is no more."""
    return tuple(person for person in people if person in named)[:1] or tuple(people)


def assign_representatives(
    meetings: Mapping[str, Meeting],
    people: Mapping[str, Sequence[str]],
    before: Mapping[str, Sequence[str]],
    begun: Collection[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Choose who sits in each meeting, in the order of its sides.

    The one that was named for it; else who sat there `before`; else whoever has fewest. What has `begun` stays as it is.
    """
    load: Counter[str] = Counter()
    assigned: dict[str, tuple[str, ...]] = {}
    for id, meeting in meetings.items():
        seated = before.get(id, ())
        if id in begun:
            assigned[id] = tuple(seated) or meeting.sides
            load.update(assigned[id])
            continue
        chosen: list[str] = []
        for side in meeting.sides:
            candidates = eligible(people[side], meeting.people)
            staying = [person for person in candidates if person in seated]
            chosen.append(staying[0] if staying else min(candidates, key=lambda person: load[person]))
            load[chosen[-1]] += 1
        assigned[id] = tuple(chosen)
    return assigned


def split_limit(limit: int | None, meetings: Sequence[int]) -> tuple[int | None, ...]:
    """Split a member's most meetings among its people, by how many `meetings` each of them was assigned.

    Together they never have more than the limit, and as many as it allows; None for each where all of them fit.
    """
    if limit is None or sum(meetings) <= limit:
        return (None,) * len(meetings)
    shares = [0] * len(meetings)
    for _ in range(limit):
        shares[max(range(len(shares)), key=lambda number: meetings[number] - shares[number])] += 1
    return tuple(shares)
