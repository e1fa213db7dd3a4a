"""The answer of the scheduler: a schedule, or the reasons why there is none."""

from dataclasses import dataclass
from typing import Literal

from shared.chassis.texts import Message


@dataclass(frozen=True, slots=True)
class Placement:
    """A meeting in a slot at a table, both numbered from 1."""

    meeting_id: str
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class UnplacedMeeting:
    """A meeting without a place in the schedule, and why."""

    meeting_id: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Schedule:
    """Placements in order of slot and table; together with `unplaced` they name every meeting of the problem once.

    A break is a maximal group of idle slots between two consecutive meetings of a participant on one day. `breaks` counts
    breaks over all participants, `idle_slots` the slots in them, `table_changes` the consecutive meetings of a participant on
    one day at different tables, `changed_meetings` the published meetings that are no longer in their slot. `idle_slots` and
    `changed_meetings` are None unless requested.

    `optimal`: no schedule places more meetings, mandatory ones first, and none that places as many has fewer breaks.
    `placed_bound` is the most meetings that might be placed. Every other bound is the least possible value, given the values of
    the objectives before it; `table_changes_bound` holds for the slots of this schedule.
    """

    placements: tuple[Placement, ...]
    unplaced: tuple[UnplacedMeeting, ...]
    status: Literal["optimal", "feasible"]
    breaks: int
    breaks_bound: int
    placed_bound: int
    table_changes: int
    table_changes_bound: int = 0
    idle_slots: int | None = None
    idle_slots_bound: int = 0
    changed_meetings: int | None = None
    changed_meetings_bound: int = 0


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Proven: no schedule keeps the hard constraints. Holds at least one reason."""

    reasons: tuple[Message, ...]


class NoScheduleInTime(Exception):
    """The time limit passed with neither a schedule nor a proof that there is none."""

    def __init__(self, time_limit: float) -> None:
        super().__init__(f"no schedule found in {time_limit:g} seconds: allow more time, or fix fewer meetings")
        self.time_limit = time_limit
