"""The problem as a CP-SAT model, with an expression per objective."""

from collections.abc import Collection, Mapping, Sequence

from ortools.sat.python import cp_model

from services.events.scheduling.conflict_cliques import conflict_cliques
from services.events.scheduling.problem import Meeting, Participant, Problem
from services.events.scheduling.tables.eligibility import TableEligibility, TablePool


class ScheduleModel:
    """The hard constraints over one Boolean per meeting and slot it may take.

    With `place_all` every meeting gets a slot, else only those with a fixed slot must. The order of participants and meetings
    in the problem decides the order of variables.
    """

    def __init__(self, problem: Problem, place_all: bool) -> None:
        self.cp = cp_model.CpModel()
        self._problem = problem
        self._eligibility = TableEligibility(problem)
        self._place_all = place_all
        self._in_slot: dict[tuple[str, int], cp_model.IntVar] = {}
        self._left_out: dict[str, cp_model.IntVar] = {}
        self._busy: dict[tuple[str, int], cp_model.IntVar] = {}
        self._breaks: list[cp_model.IntVar] = []
        for meeting in problem.meetings:
            self._add_meeting(meeting)
        for participant in problem.participants:
            self._add_participant(participant)
        self._add_fairness()
        for pool in self._eligibility.pools():
            self._add_pool(pool)
            if len(pool.meetings) == len(problem.meetings) and all(len(meeting.participants) == 2 for meeting in pool.meetings):
                self._add_attendance(pool)
        self._add_precedences()

    def left_out(self, among: Collection[str] | None = None) -> cp_model.LinearExprT:
        """How many meetings are left out, of all or among these."""
        return sum(variable for meeting, variable in self._left_out.items() if among is None or meeting in among)

    def mandatory_left_out(self) -> cp_model.LinearExprT:
        """How many mandatory meetings are left out."""
        mandatory = (meeting.id for meeting in self._problem.meetings if meeting.mandatory)
        return sum(self._left_out[id] for id in mandatory if id in self._left_out)

    def breaks(self) -> cp_model.LinearExprT:
        """The breaks of all participants."""
        return sum(self._breaks)

    def idle_slots(self) -> cp_model.LinearExprT:
        """The idle slots of all participants between two of their meetings on one day."""
        return sum(literal for id in self._problem.meetings_of for literal in self._idle_slots_of(id))

    def changed_meetings(self, published: Mapping[str, int]) -> cp_model.LinearExprT:
        """How many published meetings are no longer in their slot; those that are gone or impossible there always count."""
        unchanged = [variable for (meeting, slot), variable in self._in_slot.items() if published.get(meeting) == slot]
        return len(published) - sum(unchanged)

    def affected_participants(self, published: Mapping[str, int]) -> cp_model.LinearExprT:
        """How many participants have a published meeting that is no longer in its slot."""
        return sum(self._is_affected(meetings, published) for meetings in self._problem.meetings_of.values())

    def hint(self, slots: Mapping[str, int]) -> None:
        """Start the search from these slots, which need not keep the constraints."""
        for (meeting, slot), variable in self._in_slot.items():
            self.cp.add_hint(variable, slots.get(meeting) == slot)
        for meeting, variable in self._left_out.items():
            self.cp.add_hint(variable, meeting not in slots)

    def slots(self, solver: cp_model.CpSolver) -> dict[str, int]:
        """The slot of each placed meeting in the solver's last solution."""
        return {meeting: slot for (meeting, slot), variable in self._in_slot.items() if solver.boolean_value(variable)}

    def _is_affected(self, meetings: Sequence[Meeting], published: Mapping[str, int]) -> cp_model.LinearExprT:
        before = [meeting for meeting in meetings if meeting.id in published]
        unchanged = [
            self._in_slot[meeting.id, slot] for meeting in before if (meeting.id, slot := published[meeting.id]) in self._in_slot
        ]
        if len(unchanged) < len(before):
            return 1
        is_affected = self.cp.new_bool_var("")
        for variable in unchanged:
            self.cp.add_bool_or([is_affected, variable])
        return is_affected if before else 0

    def _add_meeting(self, meeting: Meeting) -> None:
        slots = [slot for slot in self._eligibility.slots(meeting) if meeting.fixed_slot in (None, slot)]
        for slot in slots:
            self._in_slot[meeting.id, slot] = self.cp.new_bool_var(f"{meeting.id}@{slot}")
        if not self._place_all and meeting.fixed_slot is None:
            self._left_out[meeting.id] = self.cp.new_bool_var(f"{meeting.id} left out")
        left_out = [self._left_out[meeting.id]] if meeting.id in self._left_out else []
        self.cp.add_exactly_one([*(self._in_slot[meeting.id, slot] for slot in slots), *left_out])

    def _add_participant(self, participant: Participant) -> None:
        """One meeting at a time, with the smallest gap; busy in exactly as many slots as meetings are placed."""
        meetings = self._problem.meetings_of[participant.id]
        for slot in self._problem.slots:
            variables = self._variables(meetings, slot.number)
            if variables:
                self._busy[participant.id, slot.number] = self._any_of(variables)
        busy = self._busy_slots(participant.id)
        left_out = [self._left_out[meeting.id] for meeting in meetings if meeting.id in self._left_out]
        self.cp.add(sum(busy) + sum(left_out) == len(meetings))
        if participant.max_meetings is not None:
            self.cp.add(sum(busy) <= participant.max_meetings)
        for day in self._problem.days if participant.min_gap else ():
            for first in day:
                window = [self._busy.get((participant.id, slot)) for slot in day if first <= slot <= first + participant.min_gap]
                self.cp.add_at_most_one(literal for literal in window if literal is not None)

    def _add_fairness(self) -> None:
        """Cap the difference in breaks. Breaks are counted exactly, both ways: else fairness could be had by inventing some."""
        fairness = self._problem.fairness
        fewest = self.cp.new_int_var(0, len(self._problem.slots), "fewest breaks")
        for id, meetings in self._problem.meetings_of.items():
            breaks = self._breaks_of(id)
            self._breaks += breaks
            self.cp.add(sum(breaks) <= fewest + fairness)
            if not meetings:
                continue
            if self._place_all or any(meeting.fixed_slot is not None for meeting in meetings):
                self.cp.add(sum(breaks) >= fewest)
            else:
                for busy in self._busy_slots(id):
                    self.cp.add(sum(breaks) >= fewest).only_enforce_if(busy)

    def _breaks_of(self, participant_id: str) -> list[cp_model.IntVar]:
        """A break ends where a participant had a meeting before on that day, is idle now and busy in the next slot."""
        breaks = []
        for day in self._problem.days:
            started: cp_model.IntVar | None = None
            for slot in day[:-1]:
                now, following = self._busy.get((participant_id, slot)), self._busy.get((participant_id, slot + 1))
                if started is not None and following is not None:
                    breaks.append(self._all_of([started, following] if now is None else [started, following, now.negated()]))
                if now is not None:
                    started = now if started is None else self._or(started, now)
        return breaks

    def _idle_slots_of(self, participant_id: str) -> list[cp_model.IntVar]:
        """Idle slots with a meeting before and one after on the same day: an upper estimate, exact when minimised."""
        literals = []
        for day in self._problem.days:
            started, later = self._busy_so_far(participant_id, day), self._busy_so_far(participant_id, day[::-1])
            for slot in day[1:-1]:
                before, after = started.get(slot - 1), later.get(slot + 1)
                if before is None or after is None:
                    continue
                now = [self._busy[participant_id, slot]] if (participant_id, slot) in self._busy else []
                is_idle = self.cp.new_bool_var("")
                self.cp.add_bool_or([before.negated(), after.negated(), *now, is_idle])
                literals.append(is_idle)
        return literals

    def _busy_so_far(self, participant_id: str, slots: Sequence[int]) -> dict[int, cp_model.IntVar]:
        """For each slot, in this order: whether there was a meeting up to it."""
        literals: dict[int, cp_model.IntVar] = {}
        so_far: cp_model.IntVar | None = None
        for slot in slots:
            now = self._busy.get((participant_id, slot))
            if now is not None:
                so_far = now if so_far is None else self._or(so_far, now)
            if so_far is not None:
                literals[slot] = so_far
        return literals

    def _add_pool(self, pool: TablePool) -> None:
        """The capacity of tables, counted over cliques of meetings that exclude each other: fewer terms than meetings."""
        cliques = conflict_cliques(pool.meetings)
        for slot, capacity in pool.capacity.items():
            used = [self._any_of(variables) for clique in cliques if (variables := self._variables(clique, slot))]
            self.cp.add(sum(used) <= capacity)

    def _add_attendance(self, pool: TablePool) -> None:
        """Implied: two busy participants per meeting in each slot, and at least the meetings that do not fit in the others."""
        total = sum(pool.capacity.values())
        for slot, capacity in pool.capacity.items():
            least = max(0, len(self._problem.meetings) - (total - capacity)) if self._place_all else 0
            busy = [self._busy[id, slot] for id in self._problem.meetings_of if (id, slot) in self._busy]
            count = self.cp.new_int_var(min(least, capacity), capacity, f"meetings@{slot}")
            self.cp.add(sum(busy) == 2 * count)

    def _add_precedences(self) -> None:
        """A precedence holds between two placed meetings; one that is left out constrains no other."""
        numbers = [slot.number for slot in self._problem.slots]
        for meeting in self._problem.meetings:
            for predecessor in meeting.predecessors:
                for slot in numbers:
                    successor_in_slot = self._in_slot.get((meeting.id, slot))
                    for same_or_later in numbers[slot - 1 :]:
                        predecessor_in_slot = self._in_slot.get((predecessor, same_or_later))
                        if successor_in_slot is not None and predecessor_in_slot is not None:
                            self.cp.add_implication(successor_in_slot, predecessor_in_slot.negated())

    def _variables(self, meetings: Sequence[Meeting], slot: int) -> list[cp_model.IntVar]:
        return [self._in_slot[meeting.id, slot] for meeting in meetings if (meeting.id, slot) in self._in_slot]

    def _busy_slots(self, participant_id: str) -> list[cp_model.IntVar]:
        slots = (slot.number for slot in self._problem.slots)
        return [self._busy[participant_id, slot] for slot in slots if (participant_id, slot) in self._busy]

    def _any_of(self, exclusive: list[cp_model.IntVar]) -> cp_model.IntVar:
        """True when one of these is; at most one can be."""
        if len(exclusive) == 1:
            return exclusive[0]
        result = self.cp.new_bool_var("")
        self.cp.add_exactly_one([*exclusive, result.negated()])
        return result

    def _all_of(self, conditions: Sequence[cp_model.LiteralT]) -> cp_model.IntVar:
        result = self.cp.new_bool_var("")
        self.cp.add_bool_and(conditions).only_enforce_if(result)
        self.cp.add_bool_or([result, *(~condition for condition in conditions)])
        return result

    def _or(self, left: cp_model.IntVar, right: cp_model.IntVar) -> cp_model.IntVar:
        result = self.cp.new_bool_var("")
        self.cp.add_implication(left, result)
        self.cp.add_implication(right, result)
        self.cp.add_bool_or([left, right, result.negated()])
        return result
