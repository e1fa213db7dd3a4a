"""A computation as it is asked for and answered."""

from pydantic import BaseModel, ConfigDict, Field

from services.events.computation.queue import Status
from shared.chassis.http.answers import Answer, Moment
from shared.contracts.base import LocalizedText


class Computing(BaseModel):
    """How long the search may take, in seconds; it ends earlier where its schedule is proven the best.

    A `repair` changes as little as possible of the newest version; once the day has begun every computation is one.
    After breaks, `minimise_gaps` minimises the idle slots in them; above 40,000 meetings times slots these are only counted.
    """

    model_config = ConfigDict(extra="forbid")
    time_limit: float = Field(default=10, ge=1, le=300)
    repair: bool = False
    minimise_gaps: bool = False


class BestSoFar(Answer):
    """How many meetings have a place in the best schedule so far, and the breaks of all participants."""

    placed: int
    breaks: int


class ComputationAnswer(Answer):
    """The last computation. Once it has ended, `current` tells whether the newest agenda is of the input there is now."""

    event_id: str
    status: Status
    time_limit: float
    asked: Moment
    starts: int
    best: BestSoFar | None
    stop_requested: bool
    finished: Moment | None
    reason: LocalizedText | None
    agenda_version: int | None
    current: bool | None
