"""The problem as a CP-SAT model: viewpoint and implied constraints of Bofill et al., JAIR 74, 2022."""

from collections.abc import Sequence

from ortools.sat.python import cp_model

from services.events.scheduling.problem import Meeting, Problem


class Model:
    """The hard rules over one Boolean for each meeting and slot it may take.

    With `place_all` every meeting gets a slot, else only the fixed ones must. The problem's own order of participants
    and meetings decides the order of variables.
    """

    def __init__(self, problem: Problem, place_all: bool) -> None:
        self.cp = cp_model.CpModel()
        self._problem = problem
        self._place_all = place_all
        self._slots = [slot.number for slot in problem.slots]
        self._at: dict[tuple[str, int], cp_model.IntVar] = {}
        self._out: dict[str, cp_model.IntVar] = {}
        self._busy: dict[tuple[str, int], cp_model.IntVar] = {}
        self._breaks: list[cp_model.IntVar] = []
        for meeting in problem.meetings:
            self._add_meeting(meeting)
        for participant in problem.participants:
            self._add_busy(participant.id)
        self._add_fair_breaks()
        self._add_tables()
        self._add_order()

    def allow_out(self, most: int) -> None:
        """Leave out at most this many meetings."""
        self.cp.add(sum(self._out.values()) <= most)

    def minimise_breaks(self) -> None:
        """Ask for as few breaks as possible."""
        self.cp.minimize(sum(self._breaks))

    def minimise_out(self) -> None:
        """Ask for as many meetings as possible, as the fewest left out."""
        self.cp.minimize(sum(self._out.values()))

    def placed(self, solver: cp_model.CpSolver) -> dict[str, int]:
        """The slot of each placed meeting in the solver's last answer."""
        return {meeting: slot for (meeting, slot), variable in self._at.items() if solver.boolean_value(variable)}

    def _add_meeting(self, meeting: Meeting) -> None:
        slots = self._problem.allowed(meeting)
        if meeting.fixed is not None:
            slots = tuple(slot for slot in slots if slot == meeting.fixed)
        for slot in slots:
            self._at[meeting.id, slot] = self.cp.new_bool_var(f"{meeting.id}@{slot}")
        if not self._place_all and meeting.fixed is None:
            self._out[meeting.id] = self.cp.new_bool_var(f"{meeting.id} left out")
        out = [self._out[meeting.id]] if meeting.id in self._out else []
        self.cp.add_exactly_one([*(self._at[meeting.id, slot] for slot in slots), *out])

    def _add_busy(self, who: str) -> None:
        """One meeting at a time; and everybody is busy in as many slots as they have meetings placed."""
        meetings = self._problem.meetings_of[who]
        for slot in self._slots:
            here = self._variables(meetings, slot)
            if here:
                self._busy[who, slot] = self._any_of(here)
        out = [self._out[meeting.id] for meeting in meetings if meeting.id in self._out]
        self.cp.add(sum(self._busy_slots(who)) + sum(out) == len(meetings))

    def _add_fair_breaks(self) -> None:
        """Count breaks exactly, both ways: fairness could else be had by inventing some."""
        fairness = self._problem.fairness
        fewest = self.cp.new_int_var(0, len(self._slots), "fewest breaks")
        for who, meetings in self._problem.meetings_of.items():
            breaks = self._breaks_of(who)
            self._breaks += breaks
            self.cp.add(sum(breaks) <= fewest + fairness)
            if not meetings:
                continue
            if self._place_all or any(meeting.fixed is not None for meeting in meetings):
                self.cp.add(sum(breaks) >= fewest)
            else:
                for busy in self._busy_slots(who):
                    self.cp.add(sum(breaks) >= fewest).only_enforce_if(busy)

    def _breaks_of(self, who: str) -> list[cp_model.IntVar]:
        """A break ends where a participant has started before, is idle now and busy in the next slot."""
        breaks = []
        started: cp_model.IntVar | None = None
        for slot in self._slots[:-1]:
            now, soon = self._busy.get((who, slot)), self._busy.get((who, slot + 1))
            if started is not None and soon is not None:
                conditions = [started, soon] if now is None else [started, soon, now.negated()]
                breaks.append(self._all_of(conditions))
            if now is not None:
                started = now if started is None else self._or(started, now)
        return breaks

    def _add_tables(self) -> None:
        """At most one meeting a table, counted over groups of meetings that can't coincide: fewer terms to add up.

        Each slot has two busy participants a meeting, and at least the meetings that can't fit in the others.
        """
        tables, slots = self._problem.tables, self._slots
        least = max(0, len(self._problem.meetings) - tables * (len(slots) - 1)) if self._place_all else 0
        groups = self._groups()
        for slot in slots:
            used = [self._any_of(here) for group in groups if (here := self._variables(group, slot))]
            busy = [self._busy[who, slot] for who in self._problem.meetings_of if (who, slot) in self._busy]
            count = self.cp.new_int_var(least, tables, f"meetings@{slot}")
            self.cp.add(sum(used) == count)
            self.cp.add(sum(busy) == 2 * count)

    def _groups(self) -> list[list[Meeting]]:
        """Every meeting once, in groups that share a participant; the busiest participants first."""
        left = {who: list(meetings) for who, meetings in self._problem.meetings_of.items()}
        groups = []
        while left and (who := max(left, key=lambda who: len(left[who]))) and left[who]:
            group = left.pop(who)
            groups.append(group)
            for meeting in group:
                other = next(one for one in meeting.participants if one != who)
                left[other].remove(meeting)
        return groups

    def _add_order(self) -> None:
        """An order holds between two placed meetings; one that is left out binds nobody."""
        for meeting in self._problem.meetings:
            for earlier in meeting.after:
                for slot in self._slots:
                    later = self._at.get((meeting.id, slot))
                    for other in self._slots[slot - 1 :]:
                        before = self._at.get((earlier, other))
                        if later is not None and before is not None:
                            self.cp.add_implication(later, before.negated())

    def _variables(self, meetings: Sequence[Meeting], slot: int) -> list[cp_model.IntVar]:
        return [self._at[meeting.id, slot] for meeting in meetings if (meeting.id, slot) in self._at]

    def _busy_slots(self, who: str) -> list[cp_model.IntVar]:
        return [self._busy[who, slot] for slot in self._slots if (who, slot) in self._busy]

    def _any_of(self, exclusive: list[cp_model.IntVar]) -> cp_model.IntVar:
        """True when one of these is; no two are at once."""
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

    def _or(self, one: cp_model.IntVar, other: cp_model.IntVar) -> cp_model.IntVar:
        result = self.cp.new_bool_var("")
        self.cp.add_implication(one, result)
        self.cp.add_implication(other, result)
        self.cp.add_bool_or([one, other, result.negated()])
        return result
