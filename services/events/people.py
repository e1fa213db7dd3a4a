"""Who sits in a meeting: the member itself, or one of its representatives where it has named several. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.events.domain.attendance import sides


def people_of(registration: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the people of a registered member: `member:representative` for each, or the member where it named none."""
    member = registration["member_id"]
    return tuple(f"{member}:{one['id']}" for one in registration["representatives"]) or (member,)


def shared_out(
    meetings: Iterable[Mapping[str, Any]], people: Mapping[str, Sequence[str]], before: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Say who sits in each meeting, in the order of its members: who sat there `before`, else whoever has fewest."""
    load = {person: 0 for several in people.values() for person in several}
    found: dict[str, tuple[str, ...]] = {}
    for meeting in meetings:
        there = before.get(meeting["_id"], ())
        chosen: list[str] = []
        for member in sides(meeting["state"]):
            stays = [person for person in people[member] if person in there]
            chosen.append(stays[0] if stays else min(people[member], key=lambda person: load[person]))
            load[chosen[-1]] += 1
        found[meeting["_id"]] = tuple(chosen)
    return found
