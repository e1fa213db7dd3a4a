"""The problem as a formula: viewpoint and implied constraints of Bofill et al., JAIR 74, 2022."""

from collections import Counter
from collections.abc import Sequence

from services.events.scheduling.conflict_cliques import conflict_cliques
from services.events.scheduling.problem import Meeting, Participant, Problem
from services.events.scheduling.sat.cnf import Formula
from services.events.scheduling.sat.run_constraints import add_run_constraints
from services.events.scheduling.tables.eligibility import TableEligibility, TablePool

MAX_SMALL_SIZE = 10_000
"""Meetings times slots up to which implied constraints pay: what they gain the solver, against their clauses."""


class SatEncoding:
    """The hard constraints over one variable per meeting and slot it may take.

    At most `left_out` meetings have no slot, at most `mandatory_left_out` of the mandatory ones; meetings with a fixed slot have
    it. `breaks` holds the break literals of all participants: the n-th of a participant holds where they have more than n.
    """

    def __init__(self, problem: Problem, left_out: int = 0, mandatory_left_out: int = 0) -> None:
        self.formula = Formula()
        self.in_slot: dict[tuple[str, int], int] = {}
        self.breaks: list[int] = []
        self._problem = problem
        self._is_small = len(problem.meetings) * len(problem.slots) <= MAX_SMALL_SIZE
        self._eligibility = TableEligibility(problem)
        self._max_left_out = left_out
        self._left_out: dict[str, int] = {}
        self._busy: dict[tuple[str, int], int] = {}
        for meeting in problem.meetings:
            self._add_meeting(meeting, optional=(mandatory_left_out if meeting.mandatory else left_out) > 0)
        self._at_most(list(self._left_out.values()), left_out)
        mandatory = [meeting.id for meeting in problem.meetings if meeting.mandatory]
        self._at_most([self._left_out[id] for id in mandatory if id in self._left_out], mandatory_left_out)
        for participant in problem.participants:
            self._add_participant(participant)
        self._add_fairness()
        for pool in self._eligibility.pools():
            self._add_pool(pool)
            in_pairs = all(len(meeting.participants) == 2 for meeting in pool.meetings)
            if self._is_small and in_pairs and len(pool.meetings) == len(problem.meetings):
                self._add_attendance(pool)
        self._add_precedences()

    def slots(self, model: Sequence[int]) -> dict[str, int]:
        """The slot of each placed meeting in a model: the value of each variable from 1, as a sign."""
        return {meeting: slot for (meeting, slot), variable in self.in_slot.items() if model[variable - 1] > 0}

    def _add_meeting(self, meeting: Meeting, optional: bool) -> None:
        slots = [slot for slot in self._eligibility.slots(meeting) if meeting.fixed_slot in (None, slot)]
        for slot in slots:
            self.in_slot[meeting.id, slot] = self.formula.new()
        choices = [self.in_slot[meeting.id, slot] for slot in slots]
        if optional and meeting.fixed_slot is None:
            self._left_out[meeting.id] = self.formula.new()
            choices.append(self._left_out[meeting.id])
        self.formula.add(*choices)
        self.formula.at_most_one(choices)

    def _add_participant(self, participant: Participant) -> None:
        """One meeting at a time, with the smallest gap; busy in exactly as many slots as meetings are placed."""
        meetings = self._problem.meetings_of[participant.id]
        for slot in self._problem.slots:
            variables = self._variables(meetings, slot.number)
            if variables:
                self._busy[participant.id, slot.number] = self.formula.any_of(variables)
                self.formula.at_most_one(variables)
        busy = self._busy_slots(participant.id)
        if self._left_out:
            left_out = [self._left_out[meeting.id] for meeting in meetings if meeting.id in self._left_out]
            self._limit(self.formula.count([*busy, *left_out]), len(meetings), len(meetings))
        else:
            self._count_by_session(participant.id)
        if participant.max_meetings is not None:
            self._at_most(busy, participant.max_meetings)
        for day in self._problem.days:
            for first in day:
                for later in range(first + 1, min(first + participant.min_gap, day[-1]) + 1):
                    pair = [self._busy[participant.id, slot] for slot in (first, later) if (participant.id, slot) in self._busy]
                    if len(pair) == 2:
                        self.formula.add(-pair[0], -pair[1])

    def _count_by_session(self, participant_id: str) -> None:
        """Busy as often as there are meetings; in each session at least for the meetings bound to it, at most for these and the
        meetings of no session."""
        meetings_in = Counter(meeting.session for meeting in self._problem.meetings_of[participant_id])
        total: list[int] = []
        for session in sorted({slot.session for slot in self._problem.slots}):
            slots = (slot.number for slot in self._problem.slots if slot.session == session)
            literals = [self._busy.get((participant_id, slot)) for slot in slots]
            counts = self.formula.count([literal for literal in literals if literal is not None])
            maximum = meetings_in[session] + meetings_in[None]
            self._limit(counts, meetings_in[session], maximum)
            total = self.formula.merged_counts(total, counts[:maximum], len(total) + len(counts[:maximum]))
        self._limit(total, meetings_in.total(), meetings_in.total())

    def _add_fairness(self) -> None:
        """Cap the difference in breaks. Breaks are counted exactly, both ways: else fairness could be had by inventing some.

        `fewest[n]`: every participant with a meeting has more than n breaks.
        """
        fairness = self._problem.fairness
        breaks_of = {id: self._breaks_of(id) for id, meetings in self._problem.meetings_of.items() if meetings}
        maximum = {id: self._max_breaks(id, len(breaks)) for id, breaks in breaks_of.items()}
        certain = [maximum[id] for id in breaks_of if self._has_certain_meeting(id)]
        level = min(certain) if certain else max(maximum.values(), default=0)
        fewest = [self.formula.new() for _ in range(level)]
        for id, breaks in breaks_of.items():
            counts = self.formula.count(breaks, fairness + level + 1)
            self.breaks += counts
            for number, literal in enumerate(counts[fairness:]):
                self.formula.add(-literal, *fewest[number : number + 1])
            premises: list[list[int]] = [[]] if self._has_certain_meeting(id) else [[-busy] for busy in self._busy_slots(id)]
            for number, literal in enumerate(fewest):
                for premise in premises:
                    self.formula.add(-literal, *premise, *counts[number : number + 1])
            if counts:
                self._add_runs(id, counts[0])

    def _add_runs(self, participant_id: str, has_break: int) -> None:
        """Run constraints, where all meetings of a participant are placed on one day."""
        if self._left_out or len(self._problem.days) > 1 or not self._is_small:
            return
        slots = [slot.number for slot in self._problem.slots]
        meetings = self._problem.meetings_of[participant_id]
        choices = [[slot for slot in slots if (meeting.id, slot) in self.in_slot] for meeting in meetings]
        busy = {slot: self._busy[participant_id, slot] for slot in slots if (participant_id, slot) in self._busy}
        add_run_constraints(self.formula, choices, busy, has_break)

    def _has_certain_meeting(self, participant_id: str) -> bool:
        """Whether this participant has a meeting in every schedule."""
        return any(meeting.id not in self._left_out for meeting in self._problem.meetings_of[participant_id])

    def _max_breaks(self, participant_id: str, maximum: int) -> int:
        """The most breaks by counting: one between two meetings, and one at most for each slot without a meeting."""
        meetings = self._problem.meetings_of[participant_id]
        if all(meeting.id not in self._left_out for meeting in meetings):
            maximum = min(maximum, max(0, len(self._problem.slots) - len(meetings)))
        return min(maximum, len(meetings) - 1)

    def _breaks_of(self, participant_id: str) -> list[int]:
        """A break ends where a participant had a meeting before on that day, is idle now and busy in the next slot."""
        formula = self.formula
        breaks = []
        for day in self._problem.days:
            started: int | None = None
            for slot in day[:-1]:
                now, following = self._busy.get((participant_id, slot)), self._busy.get((participant_id, slot + 1))
                if started is not None and following is not None:
                    breaks.append(formula.all_of([started, following] if now is None else [started, following, -now]))
                if now is not None:
                    started = now if started is None else formula.any_of([started, now])
        return breaks

    def _add_pool(self, pool: TablePool) -> None:
        """The capacity of tables, counted over cliques of meetings that exclude each other: far fewer terms than meetings."""
        cliques = conflict_cliques(pool.meetings)
        for slot, capacity in pool.capacity.items():
            used = [self.formula.any_of(variables) for clique in cliques if (variables := self._variables(clique, slot))]
            self._at_most(used, capacity, exact=self._is_small)

    def _add_attendance(self, pool: TablePool) -> None:
        """Implied: an even number of busy participants in each slot, and at least the meetings that do not fit in the others."""
        total = sum(pool.capacity.values())
        for slot, capacity in pool.capacity.items():
            busy = [self._busy[id, slot] for id in self._problem.meetings_of if (id, slot) in self._busy]
            counts = self.formula.count(busy, 2 * capacity + 1)
            for number in range(0, len(counts), 2):
                self.formula.add(-counts[number], *counts[number + 1 : number + 2])
            least = len(self._problem.meetings) - self._max_left_out - (total - capacity)
            if least > 0:
                self.formula.add(*counts[2 * least - 1 : 2 * least])

    def _add_precedences(self) -> None:
        """A precedence holds between two placed meetings; one that is left out constrains no other."""
        for meeting in self._problem.meetings:
            for predecessor in meeting.predecessors:
                for slot in self._problem.slots:
                    successor_in_slot = self.in_slot.get((meeting.id, slot.number))
                    for same_or_later in self._problem.slots[slot.number - 1 :]:
                        predecessor_in_slot = self.in_slot.get((predecessor, same_or_later.number))
                        if successor_in_slot is not None and predecessor_in_slot is not None:
                            self.formula.add(-successor_in_slot, -predecessor_in_slot)

    def _limit(self, counts: list[int], minimum: int, maximum: int) -> None:
        if minimum:
            self.formula.add(*counts[minimum - 1 : minimum])
        self.formula.clauses += [[-literal] for literal in counts[maximum:]]

    def _at_most(self, literals: list[int], number: int, exact: bool = True) -> None:
        if len(literals) > number:
            self.formula.add(-self.formula.count(literals, number + 1, exact)[number])

    def _variables(self, meetings: Sequence[Meeting], slot: int) -> list[int]:
        return [self.in_slot[meeting.id, slot] for meeting in meetings if (meeting.id, slot) in self.in_slot]

    def _busy_slots(self, participant_id: str) -> list[int]:
        slots = (slot.number for slot in self._problem.slots)
        return [self._busy[participant_id, slot] for slot in slots if (participant_id, slot) in self._busy]
