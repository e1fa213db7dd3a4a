"""What a retry of a dead letter would do, without doing it."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class DryRunResult:
    """How a retry would end, and its effects, a line each."""

    outcome: Literal["applied", "parked", "not_yet", "gone", "undecodable"]
    effects: list[str]


class RolledBack(Exception):
    """Ends the transaction of a dry run, and carries its result."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result
