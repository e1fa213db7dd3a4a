"""A computation as it is answered."""

from datetime import datetime

from services.events.computation.queue import Status
from services.events.schemas import Answer
from shared.contracts.base import LocalizedText


class BestSoFar(Answer):
    """How many meetings have a place in the best schedule so far, and the breaks of all participants."""

    placed: int
    breaks: int


class Computation(Answer):
    """How the last computation stands. Once it has ended, `current` tells whether the newest agenda is of what is so now."""

    event_id: str
    status: Status
    time_limit: float
    asked: datetime
    starts: int
    best: BestSoFar | None
    stop_requested: bool
    finished: datetime | None
    reason: LocalizedText | None
    agenda_version: int | None
    current: bool | None
