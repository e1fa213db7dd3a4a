"""The scheduler: a library that turns a problem into a schedule. No I/O; it loads its solvers only when it solves."""

from services.events.scheduling.dzn import parse_dzn
from services.events.scheduling.options import ProgressListener, SolverOptions
from services.events.scheduling.problem import Meeting, Participant, Problem, ProblemError, Slot, Table
from services.events.scheduling.repair.repair import RepairedSchedule, repair
from services.events.scheduling.repair.state import Disruption
from services.events.scheduling.schedule import Infeasible, NoScheduleInTime, Placement, Schedule, UnplacedMeeting
from services.events.scheduling.solve import solve
from services.events.scheduling.verifier import Verification, verify, violated_constraints

__all__ = [
    "Disruption",
    "Infeasible",
    "Meeting",
    "NoScheduleInTime",
    "Participant",
    "Placement",
    "Problem",
    "ProblemError",
    "ProgressListener",
    "RepairedSchedule",
    "Schedule",
    "Slot",
    "SolverOptions",
    "Table",
    "UnplacedMeeting",
    "Verification",
    "parse_dzn",
    "repair",
    "solve",
    "verify",
    "violated_constraints",
]
