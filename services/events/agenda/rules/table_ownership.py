"""Whose tables are whose, and which a meeting may take: one rule for agendas and for appointments. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.events import scheduling
from services.events.scheduling.tables.eligibility import TableEligibility

Event = Mapping[str, Any]
Registration = Mapping[str, Any]
Sat = Mapping[str, Counter[int]]
"""How often members sat at which tables."""


def sat_at(placements: Iterable[Mapping[str, Any]]) -> Sat:
    """Count at which tables everybody sits, by placements of an agenda or appointments written as such."""
    found: dict[str, Counter[int]] = {}
    for one in placements:
        for member in (*one["members"], *one["others"]):
            found.setdefault(member, Counter())[one["table"]] += 1
    return found


def told_tables(agenda: Mapping[str, Any] | None) -> dict[str, int]:
    """Read whose table is whose by an agenda; one of before did not tell."""
    return {one["member_id"]: one["table"] for one in (agenda or {}).get("own_tables", ())}


def own_tables(event: Event, here: Mapping[str, Registration], told: Mapping[str, int], sat: Sat) -> dict[str, int]:
    """Give tables to those who have one to themselves: whom the event fixes one for, and who needs one, as far as there are any.

    Who needs one keeps the one it was `told`, or else usually `sat` at; who is new gets one from the last on. One table is left to
    all others.
    """
    special = event["special_tables"]
    own = {one["member_id"]: one["number"] for one in special if one["kind"] == "fixed" and one["member_id"] in here}
    taken = {one["number"] for one in special if one["kind"] == "fixed" or _is_apart(event, one)} | set(event["closed_tables"])
    free = [number for number in range(event["tables"], 0, -1) if number not in taken]
    needing = sorted(member for member in here.keys() - own.keys() if _needs_one(event, here[member]))
    for member in needing:
        if len(free) > 1 and told.get(member) in free:
            own[member] = told[member]
            free.remove(told[member])
    usual = {member: found for member in needing if (found := _usual(sat.get(member, Counter()), free)) is not None}
    # Whose table it is sat there at least as often as any guest.
    for member in sorted(usual, key=lambda one: (-sat[one][usual[one]], one)):
        if len(free) > 1 and member not in own and usual[member] in free:
            own[member] = usual[member]
            free.remove(usual[member])
    for member in needing:
        if len(free) > 1 and member not in own:
            own[member] = free.pop(0)
    return own


def unmet_needs(event: Event, here: Mapping[str, Registration], own: Mapping[str, int]) -> list[str]:
    """Name who needs a table to itself, and for whom there is none."""
    return sorted(member for member in here.keys() - own.keys() if _needs_one(event, here[member]))


def tables_for(event: Event, sides: Sequence[Registration], own: Mapping[str, int]) -> tuple[int, ...]:
    """Name the tables a meeting of these members may take in an empty slot."""
    members = {state["member_id"]: state["fixed_table"] for state in sides}
    owners = [
        scheduling.Participant(member, own_table=own.get(member), stationary=members.get(member, False) and member in own)
        for member in {**members, **own}
    ]
    closed = dict.fromkeys(event["closed_tables"], frozenset({1}))
    meeting = scheduling.Meeting("it", tuple(members), virtual=is_virtual(event, sides))
    tables = special_tables(event, closed)
    problem = scheduling.Problem(tuple(owners), (meeting,), (scheduling.Slot(1),), event["tables"], special_tables=tables)
    return TableEligibility(problem).tables(meeting, 1)


def special_tables(event: Event, closed: Mapping[int, frozenset[int]]) -> tuple[scheduling.Table, ...]:
    """Write down the tables with seats of their own, the virtual rooms, and what is `closed` in which slots."""
    told = {one["number"]: one for one in event["special_tables"]}
    return tuple(
        scheduling.Table(
            number,
            told.get(number, {}).get("seats"),
            _is_apart(event, told.get(number, {})),
            closed.get(number, frozenset()),
        )
        for number in sorted(told.keys() | closed.keys())
    )


def is_virtual(event: Event, sides: Iterable[Registration]) -> bool:
    """Tell whether a meeting takes place in a virtual room: at a hybrid event, where one side is not on site."""
    return event["format"] == "hybrid" and any(state["attends"] == "virtual" for state in sides)


def _is_apart(event: Event, table: Mapping[str, Any]) -> bool:
    """Tell whether a table is for virtual meetings alone: at a hybrid event. Elsewhere all tables are of one kind."""
    return event["format"] == "hybrid" and table.get("kind") == "virtual"


def _needs_one(event: Event, state: Registration) -> bool:
    return bool(state["fixed_table"]) and not is_virtual(event, [state])


def _usual(sat: Counter[int], free: Sequence[int]) -> int | None:
    """The table of `free` that somebody sat at most often."""
    return min((number for number in sat if number in free), key=lambda number: (-sat[number], number), default=None)
