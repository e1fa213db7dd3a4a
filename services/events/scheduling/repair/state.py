"""A published schedule on its day: what has begun, what lost its place, and what may still change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.events.scheduling.metrics import count_affected_participants, count_changed_meetings
from services.events.scheduling.problem import Meeting, Problem, Table
from services.events.scheduling.repair.openings import Openings
from services.events.scheduling.repair.subproblem import Position, conflicting_meetings, subproblem
from services.events.scheduling.schedule import Placement
from services.events.scheduling.tables.assignment import assign_tables
from services.events.scheduling.tables.eligibility import TableEligibility

Cost = tuple[int, int, int, int]
"""The objectives of a repair in their order: mandatory required meetings left out, required meetings left out, published meetings
changed, participants of these."""


@dataclass(frozen=True, slots=True)
class Disruption:
    """What changed from now on.

    `absent`: slots participants cannot meet in (all that are left, after a no-show or a withdrawal; those before a late arrival).
    `closed_tables`; `accepted`: meetings agreed since; `standby`: meetings that may fill what became free.
    """

    absent: Mapping[str, frozenset[int]] = field(default_factory=dict)
    closed_tables: frozenset[int] = frozenset()
    accepted: tuple[Meeting, ...] = ()
    standby: tuple[Meeting, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """The slots of a repaired schedule. `proven`: nothing that is required can be better."""

    slots: Mapping[str, int]
    proven: bool


class RepairState:
    """The problem after a disruption, with the published schedule.

    `disrupted` is the problem with the disruption, `problem` the same with slots that have begun closed to all other meetings.
    Published and accepted meetings to come are `required`; all others to come are `waiting`. `unsettled` required meetings have no
    place, or cannot all keep it. No schedule costs less than `lower_bound`.
    """

    def __init__(self, problem: Problem, published: Sequence[Placement], next_slot: int, disruption: Disruption) -> None:
        coming = frozenset(slot.number for slot in problem.slots if slot.number >= next_slot)
        self.past = frozenset(slot.number for slot in problem.slots) - coming
        meeting_ids = {meeting.id for meeting in problem.meetings}
        self.positions = {
            placement.meeting_id: Position(placement.slot, placement.table)
            for placement in published
            if placement.meeting_id in meeting_ids
        }
        self.begun = {id for id, position in self.positions.items() if position.slot in self.past}
        self.disrupted = _disrupted(problem, disruption, coming)
        self.problem = replace(
            self.disrupted,
            meetings=tuple(
                meeting if meeting.id in self.begun else replace(meeting, closed_slots=meeting.closed_slots | self.past)
                for meeting in self.disrupted.meetings
            ),
        )
        eligibility = TableEligibility(self.problem)
        possible = {
            meeting.id: frozenset(eligibility.slots(meeting)) for meeting in self.problem.meetings if meeting.id not in self.begun
        }
        self.future = {id: position.slot for id, position in self.positions.items() if id not in self.begun}
        self.required = frozenset(self.future) | {meeting.id for meeting in disruption.accepted}
        self.waiting = possible.keys() - self.required
        self._impossible = {id for id in self.required if not possible[id]}
        future = [meeting for meeting in self.problem.meetings if meeting.id in self.future]
        displaced = {meeting.id for meeting in future if self.future[meeting.id] not in possible[meeting.id]}
        at_open_table = {
            meeting.id
            for meeting in future
            if self.positions[meeting.id].table in eligibility.tables(meeting, self.future[meeting.id])
        }
        self.unsettled = self.required - (at_open_table - displaced - conflicting_meetings(self.problem, self.positions))
        self.mandatory = frozenset(meeting.id for meeting in self.problem.meetings if meeting.mandatory)
        affected = {id for meeting in future if meeting.id in displaced for id in meeting.participants}
        self.lower_bound: Cost = (
            len(self._impossible & self.mandatory),
            len(self._impossible),
            len(displaced),
            len(affected),
        )

    def raise_lower_bound(self, time_limit: float) -> None:
        """Raise the bound by the required meetings that cannot be placed by counting alone, whatever moves."""
        # Loaded when needed: a service that does not solve must not load the solvers.
        from services.events.scheduling.bounds.placeable import select_meetings

        begun = {id: position for id, position in self.positions.items() if id in self.begun}
        try:
            selection = select_meetings(subproblem(self.problem, begun, self.required), time_limit)
        except TimeoutError:
            return
        if selection is not None:
            left_out = max(self.lower_bound[1], len(self.required) - selection.upper_bound)
            self.lower_bound = (self.lower_bound[0], left_out, *self.lower_bound[2:])

    def cost(self, slots: Mapping[str, int]) -> Cost:
        """The cost of these slots."""
        missing = self.required - slots.keys()
        return (
            len(missing & self.mandatory),
            len(missing),
            count_changed_meetings(self.future, slots),
            count_affected_participants(self.problem, self.future, slots),
        )

    def is_proven_best(self, slots: Mapping[str, int]) -> bool:
        """Whether counting proves that nothing that is required can be better."""
        return self.cost(slots)[:3] == self.lower_bound[:3]

    def waiting_left_out(self, slots: Mapping[str, int]) -> tuple[int, int]:
        """How many waiting meetings have no place: mandatory ones, and all."""
        missing = self.waiting - slots.keys()
        return len(missing & self.mandatory), len(missing)

    def immediate_repair(self) -> dict[str, int]:
        """Keep what can stay, and place the rest in open slots as far as there are any, without a search."""
        settled = {id: position.slot for id, position in self.positions.items() if id not in self.unsettled}
        openings = Openings(self.problem, settled)
        openings.fill((meeting for meeting in self.problem.meetings if meeting.id in self.unsettled), self.future)
        return self.with_waiting(openings.slots, {})

    def with_waiting(self, slots: Mapping[str, int], preferred: Mapping[str, int]) -> dict[str, int]:
        """These slots, and waiting meetings in open slots, in their preferred ones where possible."""
        openings = Openings(self.problem, slots)
        unplaced = self.waiting - slots.keys()
        openings.fill((meeting for meeting in self.problem.meetings if meeting.id in unplaced), preferred)
        return openings.slots

    def widen(self, free: Collection[str], slots: Mapping[str, int]) -> frozenset[str]:
        """The next neighbourhood: these meetings, those that changed, and all required meetings of the same participants."""
        changed = {id for id, slot in self.future.items() if slots.get(id) != slot}
        members = changed.union(free)
        participants = {
            participant_id
            for meeting in self.problem.meetings
            if meeting.id in members - self._impossible
            for participant_id in meeting.participants
        }
        neighbours = {meeting.id for id in participants for meeting in self.problem.meetings_of[id]}
        return frozenset(members) | (neighbours & self.required)

    def assign_positions(self, slots: Mapping[str, int]) -> dict[str, Position]:
        """Assign tables: in slots without a change every meeting keeps its table, in others as many as possible."""
        nowhere = Position(0, 0)
        changed = {slot for id, slot in slots.items() if id in self.unsettled or self.positions.get(id, nowhere).slot != slot}
        tables = {id: position.table for id, position in self.positions.items()}
        tables |= assign_tables(self.problem, {id: slot for id, slot in slots.items() if slot in changed}, tables)
        return {id: Position(slot, tables[id]) for id, slot in slots.items()}


def _disrupted(problem: Problem, disruption: Disruption, coming: frozenset[int]) -> Problem:
    """The problem with the disruption in the slots to come."""
    tables = {table.number: table for table in problem.special_tables}
    tables |= {number: Table(number) for number in disruption.closed_tables if number not in tables}
    return replace(
        problem,
        participants=tuple(
            replace(
                participant,
                unavailable=participant.unavailable | (disruption.absent.get(participant.id, frozenset()) & coming),
            )
            for participant in problem.participants
        ),
        meetings=(*problem.meetings, *disruption.accepted, *disruption.standby),
        special_tables=tuple(
            replace(table, closed_slots=table.closed_slots | coming) if table.number in disruption.closed_tables else table
            for table in tables.values()
        ),
    )
