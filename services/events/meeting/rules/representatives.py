"""Who sits in a meeting: the member itself, or one of its representatives where it has named several. Pure.

A person is a representative: each has meetings, claims and rests of its own, so that two of one member can meet at once.
What a member wishes for as a whole, its most meetings, its representatives share.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from services.events.meeting.state import sides
from services.events.registration.state import Registration


def people_of(registration: Registration) -> tuple[str, ...]:
    """Name the people of a registered member: `member:representative` for each, or the member where it named none."""
    member = registration.member_id
    return tuple(f"{member}:{representative.id}" for representative in registration.representatives) or (member,)


def asked_for(people: Sequence[str], named: Collection[str]) -> tuple[str, ...]:
    """Name whom of a member a meeting may have: the one that was named for it, anybody where none was (or who is gone)."""
    return tuple(person for person in people if person in named)[:1] or tuple(people)


def member_of(person: str, members: Collection[str]) -> str:
    """Name the member that somebody is, or speaks for."""
    return person if person in members else person.rpartition(":")[0]


def shared_out(
    meetings: Iterable[Mapping[str, Any]],
    people: Mapping[str, Sequence[str]],
    before: Mapping[str, Sequence[str]],
    begun: Collection[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Say who sits in each meeting, in the order of its members.

    The one that was named for it; else who sat there `before`; else whoever has fewest. What has `begun` stays as it is.
    """
    load: Counter[str] = Counter()
    found: dict[str, tuple[str, ...]] = {}
    for meeting in meetings:
        there = before.get(meeting["_id"], ())
        if meeting["_id"] in begun:
            found[meeting["_id"]] = tuple(there) or sides(meeting["state"])
            load.update(found[meeting["_id"]])
            continue
        chosen: list[str] = []
        for member in sides(meeting["state"]):
            possible = asked_for(people[member], meeting["state"].get("people") or ())
            stays = [person for person in possible if person in there]
            chosen.append(stays[0] if stays else min(possible, key=lambda person: load[person]))
            load[chosen[-1]] += 1
        found[meeting["_id"]] = tuple(chosen)
    return found


def shares(most: int | None, meetings: Sequence[int]) -> tuple[int | None, ...]:
    """Share a member's most meetings out among its people, by how many `meetings` each of them has been given.

    Together they never have more than `most`, and no less than they can; None for each where all of them fit.
    """
    if most is None or sum(meetings) <= most:
        return (None,) * len(meetings)
    given = [0] * len(meetings)
    for _ in range(most):
        given[max(range(len(given)), key=lambda number: meetings[number] - given[number])] += 1
    return tuple(given)
