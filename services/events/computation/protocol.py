"""The messages between the service and the solver's process: one JSON object per line."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Participant(Message):
    id: str
    unavailable: frozenset[int]
    max_meetings: int | None = None
    min_gap: int = 0
    own_table: int | None = None
    stationary: bool = False


class Meeting(Message):
    id: str
    participants: tuple[str, ...]
    mandatory: bool = False
    virtual: bool = False


class Slot(Message):
    number: int
    session: int
    day: int = 1


class Table(Message):
    number: int
    seats: int | None = None
    virtual: bool = False
    closed_slots: frozenset[int] = frozenset()


class PublishedSchedule(Message):
    """The newest published placements, the first slot that has not begun, and the meetings that were never scheduled."""

    placements: "tuple[MeetingPlacement, ...]"
    next_slot: int
    new_meetings: frozenset[str]


class SolverTask(Message):
    """A scheduling problem, the time limit of the search in seconds, and participants' names for the reasons.

    A `published` schedule is changed as little as the best schedule allows; with `repair`, as little as possible at all.
    `minimise_gaps` is an objective after breaks: see SolverOptions of the library.
    """

    participants: tuple[Participant, ...]
    meetings: tuple[Meeting, ...]
    slots: tuple[Slot, ...]
    tables: int
    fairness: int
    time_limit: float
    names: dict[str, str]
    special_tables: tuple[Table, ...] = ()
    published: PublishedSchedule | None = None
    repair: bool = False
    minimise_gaps: bool = False


class MeetingPlacement(Message):
    meeting_id: str
    slot: int
    table: int


class UnplacedMeeting(Message):
    """A meeting without a place, and the reason in Italian and in English."""

    meeting_id: str
    it: str
    en: str


class SolvedSchedule(Message):
    """A schedule. `is_fair` is false where a repair exceeds the largest difference in breaks between two participants."""

    placements: tuple[MeetingPlacement, ...]
    unplaced: tuple[UnplacedMeeting, ...]
    status: Literal["optimal", "feasible"]
    breaks: int
    bound: int
    is_fair: bool = True


class NoSchedule(Message):
    """Why there is no schedule, or none within the time limit, in Italian and in English."""

    it: str
    en: str


class SearchProgress(Message):
    """The best schedule so far: the number of meetings placed, and the breaks of all participants."""

    placed: int
    breaks: int


class SolverOutcome(Message):
    """The result of a task: exactly one of the two is set."""

    schedule: SolvedSchedule | None = None
    no_schedule: NoSchedule | None = None


class SolverMessage(SolverOutcome):
    """One line of the process's output: progress, or the outcome as the last line."""

    progress: SearchProgress | None = None
