"""Where everybody is in each slot, beside a model's slots: what makes table changes an exact objective."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ortools.sat.python import cp_model

from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.tables.eligibility import Places

At = Mapping[tuple[str, int], cp_model.IntVar]


class Seats:
    """A table for each meeting in each slot it may take, and a place for each participant in each slot they may meet in.

    A step from one place to another costs one, also where somebody waits. To count it so is exact: who has a break may walk to
    the next table at once, and before the first meeting of a day everybody is where it will be.
    """

    def __init__(self, cp: cp_model.CpModel, problem: Problem, places: Places, at: At) -> None:
        self._cp = cp
        self._here: dict[tuple[str, int, int], cp_model.IntVar] = {}
        self._tables_of: dict[tuple[str, int], dict[int, list[cp_model.IntVar]]] = {}
        self._taken: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        self._steps: list[cp_model.IntVar] = []
        meetings = {meeting.id: meeting for meeting in problem.meetings}
        for (meeting, slot), variable in at.items():
            self._add_tables(meetings[meeting], slot, variable, places.tables(meetings[meeting], slot))
        for seated in self._taken.values():
            cp.add_at_most_one(seated)
        for who in problem.meetings_of:
            for day in problem.days:
                self._add_steps(who, day)

    def steps(self) -> cp_model.LinearExprT:
        """How often anybody's next meeting of a day is at another table."""
        return sum(self._steps)

    def tables(self, solver: cp_model.CpSolver) -> dict[str, int]:
        """The table of each placed meeting in the solver's last answer."""
        return {meeting: table for (meeting, _, table), here in self._here.items() if solver.boolean_value(here)}

    def _add_tables(self, meeting: Meeting, slot: int, at: cp_model.IntVar, tables: Sequence[int]) -> None:
        here = [self._cp.new_bool_var("") for _ in tables]
        self._cp.add_exactly_one([*here, at.negated()])
        for table, literal in zip(tables, here, strict=True):
            self._here[meeting.id, slot, table] = literal
            self._taken.setdefault((slot, table), []).append(literal)
            for who in meeting.participants:
                self._tables_of.setdefault((who, slot), {}).setdefault(table, []).append(literal)

    def _add_steps(self, who: str, day: Sequence[int]) -> None:
        slots = [slot for slot in day if (who, slot) in self._tables_of]
        tables = sorted({table for slot in slots for table in self._tables_of[who, slot]})
        if len(tables) == 1:
            return
        places = [self._place(who, slot, tables) for slot in slots]
        for before, after in pairwise(places):
            step = self._cp.new_bool_var("")
            for was, now in zip(before, after, strict=True):
                self._cp.add_bool_or([was, now.negated(), step])
            self._steps.append(step)

    def _place(self, who: str, slot: int, tables: Sequence[int]) -> list[cp_model.IntVar]:
        """For each of these tables, whether somebody is there: where their meeting is, or where they wait."""
        place = [self._cp.new_bool_var("") for _ in tables]
        self._cp.add_exactly_one(place)
        for table, there in zip(tables, place, strict=True):
            for meeting in self._tables_of[who, slot].get(table, ()):
                self._cp.add_implication(meeting, there)
        return place
