"""What the books show to be wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Wrong = Literal["lost", "duplicated", "out_of_order", "stuck"]


@dataclass(frozen=True)
class Finding:
    """Something that is not as the ledger says. `lost` is acknowledged and without its effect, here or downstream;
    `duplicated` an effect without a command, or more than one of it; `stuck` what never came to its end."""

    wrong: Wrong
    where: str
    what: str


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """Count by what is wrong; zeros too."""
    counted = Counter(finding.wrong for finding in findings)
    return {wrong: counted[wrong] for wrong in ("lost", "duplicated", "out_of_order", "stuck")}
