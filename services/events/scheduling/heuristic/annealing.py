"""Fewer breaks by simulated annealing over Kempe chains: swaps of meetings between two slots.

A Kempe chain changes the busy slots of few participants: of the two at its ends, where meetings are of two. For a while a slot may
hold more meetings than tables: where all tables are taken, few chains would be possible otherwise.
"""

import math
import random
from collections.abc import Callable, Sequence

from services.events.scheduling.heuristic.incremental_schedule import UNPLACED, IncrementalSchedule, Move

START_TEMPERATURE, END_TEMPERATURE = 0.15, 0.1
"""In breaks. Measured on 5,000 meetings in 36 slots: warmer starts end worse."""
START_OVERLOAD_COST, END_OVERLOAD_COST = 0.3, 1.5
"""The cost of a meeting without a table, in breaks, at the start and at the end."""
ANY_PARTICIPANT_RATE = 0.15
"""How often a meeting is chosen of any participant, not of one with more breaks than necessary."""
STEPS_PER_CLOCK_CHECK = 256


class Annealing:
    """Improves one schedule.

    `best_cost` is the lowest cost seen with a table for every meeting; `fewest_breaks` holds each participant's lower bound.
    """

    def __init__(self, schedule: IncrementalSchedule, fewest_breaks: Sequence[int], generator: random.Random) -> None:
        self._schedule = schedule
        self._fewest_breaks = fewest_breaks
        self._random = generator.random
        # Participants with more breaks than necessary, and their positions in that list.
        self._improvable: list[int] = []
        self._position: dict[int, int] = {}
        self._movable = [
            participant
            for participant, meetings in enumerate(schedule.meetings)
            if any(len(schedule.open_slots[meeting]) > 1 for meeting in meetings)
        ]
        self.restart()

    def run(self, steps: int, target: int, keep_going: Callable[[], bool]) -> None:
        """Anneal for so many steps, or until the cost is at the target; the schedule is left at its best."""
        for step in range(0, steps, STEPS_PER_CLOCK_CHECK):
            if self.best_cost <= target or not self._movable or not keep_going():
                break
            progress = step / steps
            temperature = START_TEMPERATURE * (END_TEMPERATURE / START_TEMPERATURE) ** progress
            overload_cost = START_OVERLOAD_COST * (END_OVERLOAD_COST / START_OVERLOAD_COST) ** progress
            for _ in range(STEPS_PER_CLOCK_CHECK):
                self._step(temperature, overload_cost)
        schedule = self._schedule
        schedule.apply([(meeting, slot) for meeting, slot in enumerate(self._best_slots) if schedule.slot_of[meeting] != slot])
        self.restart()

    def restart(self) -> None:
        """Take the schedule as it is now as the best."""
        schedule = self._schedule
        self._cost = self.best_cost = schedule.total_cost()
        self._overload = 0
        self._best_slots = list(schedule.slot_of)
        for participant in range(len(schedule.meetings)):
            self._update_improvable(participant)

    def _step(self, temperature: float, overload_cost: float) -> None:
        schedule = self._schedule
        max_increase = -temperature * math.log(1.0 - self._random())
        move = self._propose(max_increase)
        changed = None if move is None else schedule.busy_after(move)
        if move is None or changed is None:
            return
        overload = schedule.overload_change(move)
        # A list is summed faster than a generator, and this is the innermost loop.
        increase = sum([schedule.cost(after) - schedule.cost(schedule.busy[id]) for id, after in changed.items()])
        if increase + overload_cost * overload > max_increase:
            return
        schedule.apply(move)
        self._cost += increase
        self._overload += overload
        for participant in changed:
            self._update_improvable(participant)
        if self._cost < self.best_cost and not self._overload:
            self.best_cost, self._best_slots = self._cost, list(schedule.slot_of)

    def _propose(self, max_increase: float) -> Move | None:
        """Move a meeting of a participant, mostly of one with more breaks than necessary, to a slot in which they are idle."""
        schedule, uniform = self._schedule, self._random
        candidates = self._improvable if self._improvable and uniform() > ANY_PARTICIPANT_RATE else self._movable
        participant = candidates[int(uniform() * len(candidates))]
        meetings = schedule.meetings[participant]
        meeting = meetings[int(uniform() * len(meetings))]
        source, choices = schedule.slot_of[meeting], schedule.open_slots[meeting]
        if source == UNPLACED:
            return None
        target = choices[int(uniform() * len(choices))]
        if schedule.meeting_at[participant * schedule.size + target] != UNPLACED:
            return None
        busy = schedule.busy[participant]
        if schedule.cost(busy ^ schedule.bit[source] ^ schedule.bit[target]) - schedule.cost(busy) > max_increase + 1:
            return None
        return schedule.kempe_chain(meeting, target, source)

    def _update_improvable(self, participant: int) -> None:
        """Keep the list of participants with more breaks than necessary."""
        schedule = self._schedule
        is_improvable = schedule.cost(schedule.busy[participant]) > self._fewest_breaks[participant]
        if is_improvable and participant not in self._position:
            self._position[participant] = len(self._improvable)
            self._improvable.append(participant)
        elif not is_improvable and participant in self._position:
            position, last = self._position.pop(participant), self._improvable.pop()
            if last != participant:
                self._improvable[position] = last
                self._position[last] = position
