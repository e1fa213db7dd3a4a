"""A computation as it is answered."""

from services.events.computation.queue import Status
from shared.chassis.http.answers import Answer, Moment
from shared.contracts.base import LocalizedText


class BestAnswer(Answer):
    """How many meetings have a place in the best schedule so far, and the breaks of all participants."""

    placed: int
    breaks: int


class ComputationAnswer(Answer):
    """The state of the last computation. `current`: whether the newest agenda stands for the present input."""

    event_id: str
    status: Status
    time_limit: float
    asked: Moment
    starts: int
    best: BestAnswer | None
    stop_requested: bool
    finished: Moment | None
    reason: LocalizedText | None
    agenda_version: int | None
    current: bool | None
