"""What a retry would do, told without doing it."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Rehearsal:
    """How a retry would end, and what it would do, a line each."""

    outcome: Literal["applied", "parked", "not_yet", "gone", "undecodable"]
    says: list[str]


class Rehearsed(Exception):
    """Ends a transaction that was only a rehearsal, and carries what it came to."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result
