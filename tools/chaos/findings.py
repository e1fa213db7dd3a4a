"""Findings of the verification."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Violation = Literal["lost", "duplicated", "out_of_order", "stuck"]


@dataclass(frozen=True)
class Finding:
    """A difference between the ledger and the system.

    `lost`: acknowledged and without its effect, here or downstream. `duplicated`: an effect without a command, or more than
    once. `stuck`: work that never completed.
    """

    violation: Violation
    location: str
    description: str


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """Number of findings by violation, zeros included."""
    counts = Counter(finding.violation for finding in findings)
    return {violation: counts[violation] for violation in ("lost", "duplicated", "out_of_order", "stuck")}
