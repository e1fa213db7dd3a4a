"""What the scheduler answers: a schedule, or why there is none."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence for the organiser, in Italian and in English."""

    it: str
    en: str


@dataclass(frozen=True, slots=True)
class Placement:
    """A meeting in a slot at a table; both are numbered from 1."""

    meeting_id: str
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A meeting the schedule has no place for, and why."""

    meeting_id: str
    reason_it: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """Placements in order of slot and table; with `unplaced`, every meeting of the problem once.

    A break is a maximal group of idle slots between two consecutive meetings of a participant on one day; `breaks` counts
    them over all participants, `idle` counts the slots in them. `table_changes` counts consecutive meetings of a
    participant on one day at different tables, `changes` the published meetings that are not in their slot any more.

    `optimal`: no schedule places more meetings, must-meets first, and none that places as many has fewer breaks.
    `placed_bound` is the most meetings that might be placed; the other bounds are the least that might be had with all
    that comes before at the value it has here: breaks, idle slots, changes; the last two are None where nobody asked for them.
    No choice of tables for these slots has fewer changes than `table_changes_bound`.
    """

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    status: Literal["optimal", "feasible"]
    breaks: int
    bound: int
    placed_bound: int
    table_changes: int
    table_changes_bound: int = 0
    idle: int | None = None
    idle_bound: int = 0
    changes: int | None = None
    changes_bound: int = 0


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Proven: no schedule keeps the hard rules. At least one reason."""

    reasons: tuple[Reason, ...]


class NoScheduleInTime(Exception):
    """The time limit passed with neither a schedule nor a proof that there is none."""

    def __init__(self, time_limit: float) -> None:
        super().__init__(f"no schedule found in {time_limit:g} seconds: allow more time, or fix fewer meetings")
        self.time_limit = time_limit
