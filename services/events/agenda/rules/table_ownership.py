"""Who has a table of its own, and which tables a meeting may take: one rule for agendas and for appointments. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from services.events import scheduling
from services.events.agenda.state import Placement
from services.events.brokerage.state import BrokerageEvent, Table
from services.events.registration.state import Registration
from services.events.scheduling.tables.eligibility import TableEligibility

TableUse = Mapping[str, Counter[int]]
"""How often members sit at which tables."""


def table_use(placements: Iterable[Placement]) -> TableUse:
    """Count at which tables members sit, by placements of an agenda or appointments written as such."""
    use: dict[str, Counter[int]] = {}
    for placement in placements:
        for member in placement.sides:
            use.setdefault(member, Counter())[placement.table] += 1
    return use


def own_tables(
    brokerage_event: BrokerageEvent, present: Mapping[str, Registration], published: Mapping[str, int], use: TableUse
) -> dict[str, int]:
    """Assign tables to the `present` members that have one to themselves: a fixed one, or one they need while there are any.

    A member in need keeps the table that was `published`, else the one it uses most; a new one gets the last free table. One
    table is left to all others.
    """
    special = brokerage_event.special_tables
    own = {table.member_id: table.number for table in special if table.member_id is not None and table.member_id in present}
    unavailable = {table.number for table in special if table.kind == "fixed" or _is_virtual_room(brokerage_event, table)}
    unavailable |= set(brokerage_event.closed_tables)
    free = [number for number in range(brokerage_event.tables, 0, -1) if number not in unavailable]
    needing = unmet_needs(brokerage_event, present, own)
    for member in needing:
        if len(free) > 1 and published.get(member) in free:
            own[member] = published[member]
            free.remove(published[member])
    usual = {member: number for member in needing if (number := _usual(use.get(member, Counter()), free)) is not None}
    # The owner of a table sits there at least as often as any guest.
    for member in sorted(usual, key=lambda member: (-use[member][usual[member]], member)):
        if len(free) > 1 and member not in own and usual[member] in free:
            own[member] = usual[member]
            free.remove(usual[member])
    for member in needing:
        if len(free) > 1 and member not in own:
            own[member] = free.pop(0)
    return own


def unmet_needs(brokerage_event: BrokerageEvent, present: Mapping[str, Registration], own: Mapping[str, int]) -> list[str]:
    """Name the members that need a table to themselves and have none."""
    return sorted(member for member in present.keys() - own.keys() if _needs_table(brokerage_event, present[member]))


def tables_for(brokerage_event: BrokerageEvent, sides: Sequence[Registration], own: Mapping[str, int]) -> tuple[int, ...]:
    """Name the tables a meeting of these members may take in an empty slot."""
    members = {state.member_id: state.fixed_table for state in sides}
    owners = [
        scheduling.Participant(member, own_table=own.get(member), stationary=members.get(member, False) and member in own)
        for member in {**members, **own}
    ]
    closed = dict.fromkeys(brokerage_event.closed_tables, frozenset({1}))
    meeting = scheduling.Meeting("meeting", tuple(members), virtual=is_virtual(brokerage_event, sides))
    tables = special_tables(brokerage_event, closed)
    problem = scheduling.Problem(tuple(owners), (meeting,), (scheduling.Slot(1),), brokerage_event.tables, special_tables=tables)
    return TableEligibility(problem).tables(meeting, 1)


def special_tables(brokerage_event: BrokerageEvent, closed: Mapping[int, frozenset[int]]) -> tuple[scheduling.Table, ...]:
    """Write down the tables with seats of their own, the virtual rooms, and what is `closed` in which slots."""
    special = {table.number: table for table in brokerage_event.special_tables}
    return tuple(
        scheduling.Table(
            number,
            special[number].seats if number in special else None,
            number in special and _is_virtual_room(brokerage_event, special[number]),
            closed.get(number, frozenset()),
        )
        for number in sorted(special.keys() | closed.keys())
    )


def is_virtual(brokerage_event: BrokerageEvent, sides: Iterable[Registration]) -> bool:
    """Tell whether a meeting takes place in a virtual room: at a hybrid event, where one side is not on site."""
    return brokerage_event.format == "hybrid" and any(state.attends == "virtual" for state in sides)


def _is_virtual_room(brokerage_event: BrokerageEvent, table: Table) -> bool:
    """Tell whether a table is for virtual meetings alone: at a hybrid event. Elsewhere all tables are of one kind."""
    return brokerage_event.format == "hybrid" and table.kind == "virtual"


def _needs_table(brokerage_event: BrokerageEvent, state: Registration) -> bool:
    return state.fixed_table and not is_virtual(brokerage_event, [state])


def _usual(use: Counter[int], free: Sequence[int]) -> int | None:
    """The table of `free` that a member uses most."""
    return min((number for number in use if number in free), key=lambda number: (-use[number], number), default=None)
