"""The scheduler: a library that turns a problem into a schedule. No I/O; loads its solvers only when it solves."""

from services.events.scheduling.dzn import parse_dzn
from services.events.scheduling.options import Wish
from services.events.scheduling.problem import Meeting, Participant, Problem, ProblemError, Slot, Table
from services.events.scheduling.repair.repair import Repaired, repair
from services.events.scheduling.repair.state import Changes
from services.events.scheduling.schedule import Infeasible, NoScheduleInTime, Placement, Reason, Schedule, Unplaced
from services.events.scheduling.solve import solve
from services.events.scheduling.verifier import Checked, check

__all__ = [
    "Changes",
    "Checked",
    "Infeasible",
    "Meeting",
    "NoScheduleInTime",
    "Participant",
    "Placement",
    "Problem",
    "ProblemError",
    "Reason",
    "Repaired",
    "Schedule",
    "Slot",
    "Table",
    "Unplaced",
    "Wish",
    "check",
    "parse_dzn",
    "repair",
    "solve",
]
