"""The scheduler: a library that turns a problem into a schedule. No I/O; loads OR-Tools only when it solves."""

from services.events.scheduling.check import Checked, check
from services.events.scheduling.dzn import parse_dzn
from services.events.scheduling.problem import Meeting, Participant, Problem, ProblemError, Slot
from services.events.scheduling.schedule import Infeasible, NoScheduleInTime, Placement, Reason, Schedule, Unplaced
from services.events.scheduling.solve import solve

__all__ = [
    "Checked",
    "Infeasible",
    "Meeting",
    "NoScheduleInTime",
    "Participant",
    "Placement",
    "Problem",
    "ProblemError",
    "Reason",
    "Schedule",
    "Slot",
    "Unplaced",
    "check",
    "parse_dzn",
    "solve",
]
