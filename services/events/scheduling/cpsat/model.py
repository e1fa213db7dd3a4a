"""The problem as a CP-SAT model: for all objectives, where the prover of breaks is not asked or gives up."""

from collections.abc import Collection, Mapping, Sequence

from ortools.sat.python import cp_model

from services.events.scheduling.problem import Meeting, Participant, Problem
from services.events.scheduling.sat.encoding import groups_of
from services.events.scheduling.tables.eligibility import Places, Pool


class Model:
    """The hard rules over one Boolean for each meeting and slot it may take.

    With `place_all` every meeting gets a slot, else only the fixed ones must. The problem's own order of participants
    and meetings decides the order of variables.
    """

    def __init__(self, problem: Problem, place_all: bool) -> None:
        self.cp = cp_model.CpModel()
        self._problem = problem
        self._places = Places(problem)
        self._place_all = place_all
        self._at: dict[tuple[str, int], cp_model.IntVar] = {}
        self._out: dict[str, cp_model.IntVar] = {}
        self._busy: dict[tuple[str, int], cp_model.IntVar] = {}
        self._breaks: list[cp_model.IntVar] = []
        for meeting in problem.meetings:
            self._add_meeting(meeting)
        for participant in problem.participants:
            self._add_participant(participant)
        self._add_fair_breaks()
        for pool in self._places.pools():
            self._add_pool(pool)
            if len(pool.meetings) == len(problem.meetings) and all(len(meeting.participants) == 2 for meeting in pool.meetings):
                self._add_people(pool)
        self._add_order()

    def left_out(self, among: Collection[str] | None = None) -> cp_model.LinearExprT:
        """How many meetings are left out, of all or among these."""
        return sum(variable for meeting, variable in self._out.items() if among is None or meeting in among)

    def musts_left_out(self) -> cp_model.LinearExprT:
        """How many of those that must be placed are left out."""
        return sum(self._out[meeting.id] for meeting in self._problem.meetings if meeting.must and meeting.id in self._out)

    def breaks(self) -> cp_model.LinearExprT:
        """The breaks of all participants."""
        return sum(self._breaks)

    def idle(self) -> cp_model.LinearExprT:
        """The idle slots of all participants between two of their meetings on one day."""
        return sum(literal for who in self._problem.meetings_of for literal in self._idle_of(who))

    def changes(self, published: Mapping[str, int]) -> cp_model.LinearExprT:
        """How many published meetings are not in their slot any more; those that are gone or impossible there count always."""
        kept = [variable for (meeting, slot), variable in self._at.items() if published.get(meeting) == slot]
        return len(published) - sum(kept)

    def people_changed(self, published: Mapping[str, int]) -> cp_model.LinearExprT:
        """How many participants have a published meeting that is not in its slot any more."""
        return sum(self._moved(meetings, published) for meetings in self._problem.meetings_of.values())

    def hint(self, slots: Mapping[str, int]) -> None:
        """Start from these slots; they need not keep the rules."""
        for (meeting, slot), variable in self._at.items():
            self.cp.add_hint(variable, slots.get(meeting) == slot)
        for meeting, variable in self._out.items():
            self.cp.add_hint(variable, meeting not in slots)

    def placed(self, solver: cp_model.CpSolver) -> dict[str, int]:
        """The slot of each placed meeting in the solver's last answer."""
        return {meeting: slot for (meeting, slot), variable in self._at.items() if solver.boolean_value(variable)}

    def _moved(self, meetings: Sequence[Meeting], published: Mapping[str, int]) -> cp_model.LinearExprT:
        had = [meeting for meeting in meetings if meeting.id in published]
        kept = [self._at[meeting.id, slot] for meeting in had if (meeting.id, slot := published[meeting.id]) in self._at]
        if len(kept) < len(had):
            return 1
        moved = self.cp.new_bool_var("")
        for variable in kept:
            self.cp.add_bool_or([moved, variable])
        return moved if had else 0

    def _add_meeting(self, meeting: Meeting) -> None:
        slots = [slot for slot in self._places.slots(meeting) if meeting.fixed in (None, slot)]
        for slot in slots:
            self._at[meeting.id, slot] = self.cp.new_bool_var(f"{meeting.id}@{slot}")
        if not self._place_all and meeting.fixed is None:
            self._out[meeting.id] = self.cp.new_bool_var(f"{meeting.id} left out")
        out = [self._out[meeting.id]] if meeting.id in self._out else []
        self.cp.add_exactly_one([*(self._at[meeting.id, slot] for slot in slots), *out])

    def _add_participant(self, participant: Participant) -> None:
        """One meeting at a time, with rests; and everybody is busy in as many slots as they have meetings placed."""
        meetings = self._problem.meetings_of[participant.id]
        for slot in self._problem.slots:
            here = self._variables(meetings, slot.number)
            if here:
                self._busy[participant.id, slot.number] = self._any_of(here)
        busy = self._busy_slots(participant.id)
        out = [self._out[meeting.id] for meeting in meetings if meeting.id in self._out]
        self.cp.add(sum(busy) + sum(out) == len(meetings))
        if participant.most is not None:
            self.cp.add(sum(busy) <= participant.most)
        for day in self._problem.days if participant.rest else ():
            for first in day:
                near = [self._busy.get((participant.id, slot)) for slot in day if first <= slot <= first + participant.rest]
                self.cp.add_at_most_one(literal for literal in near if literal is not None)

    def _add_fair_breaks(self) -> None:
        """Count breaks exactly, both ways: fairness could else be had by inventing some."""
        fairness = self._problem.fairness
        fewest = self.cp.new_int_var(0, len(self._problem.slots), "fewest breaks")
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
        """A break ends where a participant has started before on that day, is idle now and busy in the next slot."""
        breaks = []
        for day in self._problem.days:
            started: cp_model.IntVar | None = None
            for slot in day[:-1]:
                now, soon = self._busy.get((who, slot)), self._busy.get((who, slot + 1))
                if started is not None and soon is not None:
                    breaks.append(self._all_of([started, soon] if now is None else [started, soon, now.negated()]))
                if now is not None:
                    started = now if started is None else self._or(started, now)
        return breaks

    def _idle_of(self, who: str) -> list[cp_model.IntVar]:
        """Idle slots with a meeting before and one after on the same day; more may be counted than there are, never fewer."""
        found = []
        for day in self._problem.days:
            started, later = self._ever(who, day), self._ever(who, day[::-1])
            for slot in day[1:-1]:
                before, after = started.get(slot - 1), later.get(slot + 1)
                if before is None or after is None:
                    continue
                now = [self._busy[who, slot]] if (who, slot) in self._busy else []
                idle = self.cp.new_bool_var("")
                self.cp.add_bool_or([before.negated(), after.negated(), *now, idle])
                found.append(idle)
        return found

    def _ever(self, who: str, slots: Sequence[int]) -> dict[int, cp_model.IntVar]:
        """For each slot, in this order: has there been a meeting up to it?"""
        found: dict[int, cp_model.IntVar] = {}
        so_far: cp_model.IntVar | None = None
        for slot in slots:
            now = self._busy.get((who, slot))
            if now is not None:
                so_far = now if so_far is None else self._or(so_far, now)
            if so_far is not None:
                found[slot] = so_far
        return found

    def _add_pool(self, pool: Pool) -> None:
        """Tables, counted over groups of meetings that can't coincide: fewer terms to add up."""
        groups = groups_of(pool.meetings)
        for slot, room in pool.room.items():
            used = [self._any_of(here) for group in groups if (here := self._variables(group, slot))]
            self.cp.add(sum(used) <= room)

    def _add_people(self, pool: Pool) -> None:
        """Each slot has two busy participants a meeting, and at least the meetings that can't fit in the others."""
        places = sum(pool.room.values())
        for slot, room in pool.room.items():
            least = max(0, len(self._problem.meetings) - (places - room)) if self._place_all else 0
            busy = [self._busy[who, slot] for who in self._problem.meetings_of if (who, slot) in self._busy]
            count = self.cp.new_int_var(min(least, room), room, f"meetings@{slot}")
            self.cp.add(sum(busy) == 2 * count)

    def _add_order(self) -> None:
        """An order holds between two placed meetings; one that is left out binds nobody."""
        numbers = [slot.number for slot in self._problem.slots]
        for meeting in self._problem.meetings:
            for earlier in meeting.after:
                for slot in numbers:
                    later = self._at.get((meeting.id, slot))
                    for other in numbers[slot - 1 :]:
                        before = self._at.get((earlier, other))
                        if later is not None and before is not None:
                            self.cp.add_implication(later, before.negated())

    def _variables(self, meetings: Sequence[Meeting], slot: int) -> list[cp_model.IntVar]:
        return [self._at[meeting.id, slot] for meeting in meetings if (meeting.id, slot) in self._at]

    def _busy_slots(self, who: str) -> list[cp_model.IntVar]:
        return [self._busy[who, slot.number] for slot in self._problem.slots if (who, slot.number) in self._busy]

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
