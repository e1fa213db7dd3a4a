"""The problem as clauses: viewpoint and implied constraints of Bofill et al., JAIR 74, 2022."""

from collections import Counter
from collections.abc import Sequence

from services.events.scheduling.problem import Meeting, Participant, Problem
from services.events.scheduling.sat.cnf import Formula
from services.events.scheduling.sat.run_constraints import add_runs
from services.events.scheduling.tables.eligibility import Places, Pool

SMALL = 10_000
"""Meetings times slots up to which counting more than is needed pays: what it tells the solver, against its clauses."""


class Timetable:
    """The hard rules over one variable for each meeting and slot it may take.

    At most `left_out` meetings have no slot, at most `musts_left_out` of those that must; the fixed ones have. `breaks` holds
    a literal for each break of each participant, counted: the n-th of a participant holds where they have more than n.
    """

    def __init__(self, problem: Problem, left_out: int = 0, musts_left_out: int = 0) -> None:
        self.formula = Formula()
        self.at: dict[tuple[str, int], int] = {}
        self.breaks: list[int] = []
        self._problem = problem
        self._small = len(problem.meetings) * len(problem.slots) <= SMALL
        self._places = Places(problem)
        self._left_out = left_out
        self._out: dict[str, int] = {}
        self._busy: dict[tuple[str, int], int] = {}
        for meeting in problem.meetings:
            self._add_meeting(meeting, optional=(musts_left_out if meeting.must else left_out) > 0)
        self._at_most(list(self._out.values()), left_out)
        self._at_most([self._out[one.id] for one in problem.meetings if one.must and one.id in self._out], musts_left_out)
        for participant in problem.participants:
            self._add_participant(participant)
        self._add_fair_breaks()
        for pool in self._places.pools():
            self._add_pool(pool)
            in_pairs = all(len(meeting.participants) == 2 for meeting in pool.meetings)
            if self._small and in_pairs and len(pool.meetings) == len(problem.meetings):
                self._add_people(pool)
        self._add_order()

    def placed(self, model: Sequence[int]) -> dict[str, int]:
        """The slot of each placed meeting in a model: the value of each variable from 1, as a sign."""
        return {meeting: slot for (meeting, slot), variable in self.at.items() if model[variable - 1] > 0}

    def _add_meeting(self, meeting: Meeting, optional: bool) -> None:
        slots = [slot for slot in self._places.slots(meeting) if meeting.fixed in (None, slot)]
        for slot in slots:
            self.at[meeting.id, slot] = self.formula.new()
        choices = [self.at[meeting.id, slot] for slot in slots]
        if optional and meeting.fixed is None:
            self._out[meeting.id] = self.formula.new()
            choices.append(self._out[meeting.id])
        self.formula.add(*choices)
        self.formula.at_most_one(choices)

    def _add_participant(self, participant: Participant) -> None:
        """One meeting at a time, with rests; and everybody is busy in as many slots as they have meetings placed."""
        meetings = self._problem.meetings_of[participant.id]
        for slot in self._problem.slots:
            here = self._variables(meetings, slot.number)
            if here:
                self._busy[participant.id, slot.number] = self.formula.any_of(here)
                self.formula.at_most_one(here)
        busy = self._busy_slots(participant.id)
        if self._out:
            out = [self._out[meeting.id] for meeting in meetings if meeting.id in self._out]
            self._limit(self.formula.count([*busy, *out]), len(meetings), len(meetings))
        else:
            self._count_by_session(participant.id)
        if participant.most is not None:
            self._at_most(busy, participant.most)
        for day in self._problem.days:
            for first in day:
                for then in range(first + 1, min(first + participant.rest, day[-1]) + 1):
                    pair = [self._busy[participant.id, slot] for slot in (first, then) if (participant.id, slot) in self._busy]
                    if len(pair) == 2:
                        self.formula.add(-pair[0], -pair[1])

    def _count_by_session(self, who: str) -> None:
        """Busy as often as they have meetings; in a session as often as it holds some of them, and more only by the free ones."""
        tied = Counter(meeting.session for meeting in self._problem.meetings_of[who])
        total: list[int] = []
        for session in sorted({slot.session for slot in self._problem.slots}):
            inside = [self._busy.get((who, slot.number)) for slot in self._problem.slots if slot.session == session]
            counts = self.formula.count([literal for literal in inside if literal is not None])
            most = tied[session] + tied[None]
            self._limit(counts, tied[session], most)
            total = self.formula.joined(total, counts[:most], len(total) + len(counts[:most]))
        self._limit(total, tied.total(), tied.total())

    def _add_fair_breaks(self) -> None:
        """Count breaks exactly, both ways: fairness could else be had by inventing some.

        `fewest[n]`: everybody who meets anybody has more than n breaks.
        """
        fairness = self._problem.fairness
        counted = {who: self._breaks_of(who) for who, meetings in self._problem.meetings_of.items() if meetings}
        most = {who: self._most_breaks(who, len(breaks)) for who, breaks in counted.items()}
        certain = [most[who] for who in counted if self._is_certain(who)]
        level = min(certain) if certain else max(most.values(), default=0)
        fewest = [self.formula.new() for _ in range(level)]
        for who, breaks in counted.items():
            counts = self.formula.count(breaks, fairness + level + 1)
            self.breaks += counts
            for number, literal in enumerate(counts[fairness:]):
                self.formula.add(-literal, *fewest[number : number + 1])
            premises: list[list[int]] = [[]] if self._is_certain(who) else [[-busy] for busy in self._busy_slots(who)]
            for number, literal in enumerate(fewest):
                for premise in premises:
                    self.formula.add(-literal, *premise, *counts[number : number + 1])
            if counts:
                self._add_runs(who, counts[0])

    def _add_runs(self, who: str, broken: int) -> None:
        """Whoever has all meetings on one day has a break or meets in one run of slots; which runs, depends on the meetings."""
        if self._out or len(self._problem.days) > 1 or not self._small:
            return
        slots = [slot.number for slot in self._problem.slots]
        mine = self._problem.meetings_of[who]
        choices = [[slot for slot in slots if (meeting.id, slot) in self.at] for meeting in mine]
        add_runs(self.formula, choices, {slot: self._busy[who, slot] for slot in slots if (who, slot) in self._busy}, broken)

    def _is_certain(self, who: str) -> bool:
        """Has this participant a meeting in every schedule?"""
        return any(meeting.id not in self._out for meeting in self._problem.meetings_of[who])

    def _most_breaks(self, who: str, most: int) -> int:
        """What a participant can have by counting: one between two meetings, and one at most for each slot without."""
        meetings = self._problem.meetings_of[who]
        if all(meeting.id not in self._out for meeting in meetings):
            most = min(most, max(0, len(self._problem.slots) - len(meetings)))
        return min(most, len(meetings) - 1)

    def _breaks_of(self, who: str) -> list[int]:
        """A break ends where a participant has started before on that day, is idle now and busy in the next slot."""
        formula = self.formula
        breaks = []
        for day in self._problem.days:
            started: int | None = None
            for slot in day[:-1]:
                now, soon = self._busy.get((who, slot)), self._busy.get((who, slot + 1))
                if started is not None and soon is not None:
                    breaks.append(formula.all_of([started, soon] if now is None else [started, soon, -now]))
                if now is not None:
                    started = now if started is None else formula.any_of([started, now])
        return breaks

    def _add_pool(self, pool: Pool) -> None:
        """Tables, counted over groups of meetings that can't coincide: far fewer terms to add up than meetings."""
        groups = groups_of(pool.meetings)
        for slot, room in pool.room.items():
            used = [self.formula.any_of(here) for group in groups if (here := self._variables(group, slot))]
            self._at_most(used, room, exact=self._small)

    def _add_people(self, pool: Pool) -> None:
        """Each slot has an even number of busy people, two at a table, and the meetings that can't fit in the others."""
        places = sum(pool.room.values())
        for slot, room in pool.room.items():
            busy = [self._busy[who, slot] for who in self._problem.meetings_of if (who, slot) in self._busy]
            counts = self.formula.count(busy, 2 * room + 1)
            for number in range(0, len(counts), 2):
                self.formula.add(-counts[number], *counts[number + 1 : number + 2])
            least = len(self._problem.meetings) - self._left_out - (places - room)
            if least > 0:
                self.formula.add(*counts[2 * least - 1 : 2 * least])

    def _add_order(self) -> None:
        """An order holds between two placed meetings; one that is left out binds nobody."""
        for meeting in self._problem.meetings:
            for earlier in meeting.after:
                for slot in self._problem.slots:
                    later = self.at.get((meeting.id, slot.number))
                    for other in self._problem.slots[slot.number - 1 :]:
                        before = self.at.get((earlier, other.number))
                        if later is not None and before is not None:
                            self.formula.add(-later, -before)

    def _limit(self, counts: list[int], least: int, most: int) -> None:
        if least:
            self.formula.add(*counts[least - 1 : least])
        self.formula.clauses += [[-literal] for literal in counts[most:]]

    def _at_most(self, literals: list[int], number: int, exact: bool = True) -> None:
        if len(literals) > number:
            self.formula.add(-self.formula.count(literals, number + 1, exact)[number])

    def _variables(self, meetings: Sequence[Meeting], slot: int) -> list[int]:
        return [self.at[meeting.id, slot] for meeting in meetings if (meeting.id, slot) in self.at]

    def _busy_slots(self, who: str) -> list[int]:
        return [self._busy[who, slot.number] for slot in self._problem.slots if (who, slot.number) in self._busy]


def groups_of(meetings: Sequence[Meeting]) -> list[list[Meeting]]:
    """Every meeting once, in groups that share a participant; the busiest participants first."""
    left: dict[str, list[Meeting]] = {}
    for meeting in meetings:
        for who in meeting.participants:
            left.setdefault(who, []).append(meeting)
    groups = []
    while left and left[who := max(left, key=lambda who: len(left[who]))]:
        group = left.pop(who)
        groups.append(group)
        for meeting in group:
            for other in meeting.participants:
                if other != who:
                    left[other].remove(meeting)
    return groups
