"""Names that stay although a rule refuses them: stored, published, or of the command line. Each with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """A name allowed below a path. Sorted by path; a reason that no longer holds takes its line with it."""

    path: str
    name: str
    reason: str


ALLOWED = (
    Allowance("distretti/cli/drill.py", "drill", "the command stays `distretti drill`"),
    Allowance("shared/chassis", "PARKED", "the constant holds a stored value"),
    Allowance("tests/cli/test_drill.py", "test_drill", "the command stays `distretti drill`"),
)
