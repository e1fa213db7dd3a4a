"""A published schedule on its day: what has begun, what lost its place, and what may still change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.events.scheduling.metrics import count_changes, count_people_changed
from services.events.scheduling.problem import Meeting, Problem, Table
from services.events.scheduling.repair.openings import Vacancies
from services.events.scheduling.repair.subproblem import Seat, at_odds, remainder
from services.events.scheduling.schedule import Placement
from services.events.scheduling.tables.assignment import assign_tables
from services.events.scheduling.tables.eligibility import Places

Cost = tuple[int, int, int, int]
"""What is to be little, in this order: required must-meets left out, required meetings left out, published ones changed, people
of these."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened, from now on: slots people cannot meet in (all that are left, after a no-show or a withdrawal; those before
    they arrive), tables that are closed, requests that were accepted, and meetings that may fill what became free."""

    absent: Mapping[str, frozenset[int]] = field(default_factory=dict)
    closed_tables: frozenset[int] = frozenset()
    accepted: tuple[Meeting, ...] = ()
    standby: tuple[Meeting, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """The slot of every meeting that has one. `proven`: nothing that is required can be better."""

    slots: Mapping[str, int]
    proven: bool


class Day:
    """The problem as it is now, with what was published: as it is `asked`, and with no place left in what has begun.

    Published and accepted meetings to come are `required`; the others to come are `waiting`. Those that cannot all stay where
    they are, or have no place, are `unsettled`. No schedule costs less than `least`.
    """

    def __init__(self, problem: Problem, published: Sequence[Placement], now: int, changes: Changes) -> None:
        rest = frozenset(slot.number for slot in problem.slots if slot.number >= now)
        self.past = frozenset(slot.number for slot in problem.slots) - rest
        known = {one.id for one in problem.meetings}
        self.seats = {one.meeting_id: Seat(one.slot, one.table) for one in published if one.meeting_id in known}
        self.begun = {meeting for meeting, seat in self.seats.items() if seat.slot in self.past}
        special = {table.number: table for table in problem.special}
        special |= {number: Table(number) for number in changes.closed_tables if number not in special}
        self.asked = replace(
            problem,
            participants=tuple(
                replace(one, unavailable=one.unavailable | (changes.absent.get(one.id, frozenset()) & rest))
                for one in problem.participants
            ),
            meetings=(*problem.meetings, *changes.accepted, *changes.standby),
            special=tuple(
                replace(table, closed=table.closed | rest) if table.number in changes.closed_tables else table
                for table in special.values()
            ),
        )
        self.problem = replace(
            self.asked,
            meetings=tuple(
                one if one.id in self.begun else replace(one, closed=one.closed | self.past) for one in self.asked.meetings
            ),
        )
        places = Places(self.problem)
        possible = {one.id: frozenset(places.slots(one)) for one in self.problem.meetings if one.id not in self.begun}
        self.future = {one: seat.slot for one, seat in self.seats.items() if one not in self.begun}
        self.required = frozenset(self.future) | {one.id for one in changes.accepted}
        self.waiting = possible.keys() - self.required
        self._hopeless = {one for one in self.required if not possible[one]}
        future = [one for one in self.problem.meetings if one.id in self.future]
        forced = {one.id for one in future if self.future[one.id] not in possible[one.id]}
        kept = {one.id for one in future if self.seats[one.id].table in places.tables(one, self.future[one.id])}
        self.unsettled = self.required - (kept - forced - at_odds(self.problem, self.seats))
        self.musts = frozenset(one.id for one in self.problem.meetings if one.must)
        touched = {who for one in future if one.id in forced for who in one.participants}
        self.least: Cost = (len(self._hopeless & self.musts), len(self._hopeless), len(forced), len(touched))

    def count(self, time_limit: float) -> None:
        """Raise `least` by what cannot be placed by counting alone, whatever moves."""
        from services.events.scheduling.bounds.placeable import select

        begun = {one: seat for one, seat in self.seats.items() if one in self.begun}
        try:
            selection = select(remainder(self.problem, begun, self.required), time_limit)
        except TimeoutError:
            return
        if selection is not None:
            self.least = (self.least[0], max(self.least[1], len(self.required) - selection.most), *self.least[2:])

    def cost(self, slots: Mapping[str, int]) -> Cost:
        """What these slots cost."""
        missing = self.required - slots.keys()
        changes = count_changes(self.future, slots), count_people_changed(self.problem, self.future, slots)
        return (len(missing & self.musts), len(missing), *changes)

    def is_least(self, slots: Mapping[str, int]) -> bool:
        """Tell whether counting proves that nothing that is required can be better."""
        return self.cost(slots)[:3] == self.least[:3]

    def left_waiting(self, slots: Mapping[str, int]) -> tuple[int, int]:
        """How many of those that wait have no place: must-meets, and all."""
        missing = self.waiting - slots.keys()
        return len(missing & self.musts), len(missing)

    def at_once(self) -> dict[str, int]:
        """What can stay as it is, and without any search a place for what lost its own, where there is one."""
        settled = {one: seat.slot for one, seat in self.seats.items() if one not in self.unsettled}
        vacancies = Vacancies(self.problem, settled)
        vacancies.fill((one for one in self.problem.meetings if one.id in self.unsettled), self.future)
        return self.filled(vacancies.slots, {})

    def filled(self, slots: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
        """The same, with those that wait where there is room: as they were `before`, if known."""
        vacancies = Vacancies(self.problem, slots)
        vacancies.fill((one for one in self.problem.meetings if one.id in self.waiting - slots.keys()), before)
        return vacancies.slots

    def widened(self, free: Collection[str], slots: Mapping[str, int]) -> frozenset[str]:
        """These meetings and those that changed, and all others that are required of whoever has one that can be placed."""
        moved = {one for one, slot in self.future.items() if slots.get(one) != slot}
        known = moved.union(free)
        people = {who for one in self.problem.meetings if one.id in known - self._hopeless for who in one.participants}
        return frozenset(known) | {one.id for who in people for one in self.problem.meetings_of[who] if one.id in self.required}

    def seated(self, slots: Mapping[str, int]) -> dict[str, Seat]:
        """Give tables: in slots where nothing is new everybody stays, in others whoever can."""
        new = {slot for one, slot in slots.items() if one in self.unsettled or self.seats.get(one, Seat(0, 0)).slot != slot}
        known = {one: seat.table for one, seat in self.seats.items()}
        tables = known | assign_tables(self.problem, {one: slot for one, slot in slots.items() if slot in new}, known)
        return {one: Seat(slot, tables[one]) for one, slot in slots.items()}
