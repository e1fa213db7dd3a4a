"""What the solver's process is asked, and what it says: lines of JSON."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Participant(Plain):
    id: str
    unavailable: frozenset[int]
    most: int | None = None
    rest: int = 0
    table: int | None = None
    stays: bool = False


class Meeting(Plain):
    id: str
    participants: tuple[str, ...]
    must: bool = False
    virtual: bool = False


class Slot(Plain):
    number: int
    session: int
    day: int = 1


class Table(Plain):
    number: int
    seats: int | None = None
    virtual: bool = False
    closed: frozenset[int] = frozenset()


class Published(Plain):
    """What is published: the placements, the first slot to come, and the meetings that were never scheduled."""

    placements: "tuple[Placed, ...]"
    now: int
    fresh: frozenset[str]


class Task(Plain):
    """A problem, the seconds its search may take, and the names for its reasons.

    What is `published` is changed as little as the best schedule allows, or as little as is possible at all (`repair`).
    `idle` and `walks` ask for more: see the library's Wish.
    """

    participants: tuple[Participant, ...]
    meetings: tuple[Meeting, ...]
    slots: tuple[Slot, ...]
    tables: int
    fairness: int
    time_limit: float
    names: dict[str, str]
    special: tuple[Table, ...] = ()
    published: Published | None = None
    repair: bool = False
    idle: bool = False
    walks: bool = False


class Placed(Plain):
    meeting_id: str
    slot: int
    table: int


class LeftOut(Plain):
    meeting_id: str
    it: str
    en: str


class Answer(Plain):
    """A schedule. A repair that does not keep the largest difference between breaks says so."""

    placements: tuple[Placed, ...]
    unplaced: tuple[LeftOut, ...]
    status: Literal["optimal", "feasible"]
    breaks: int
    bound: int
    is_fair: bool = True


class Unsolved(Plain):
    """There is no schedule, or none in time: why."""

    it: str
    en: str


class Best(Plain):
    """The best so far: how many meetings have a place, and the breaks of all participants."""

    placed: int
    breaks: int


class Outcome(Plain):
    """What the process says in the end: one of the two."""

    answer: Answer | None = None
    unsolved: Unsolved | None = None


class Said(Outcome):
    """One line of what the process says: one of the three."""

    best: Best | None = None
