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
    Allowance("services/events/scheduling/sat/cnf.py", "at_most_one", "the constraint's name in the literature"),
    Allowance("services/registry/member/api.py", "read_one_member", "published: the operation's id"),
    Allowance("shared/chassis", "PARKED", "the constant holds a stored value"),
    Allowance("tests/chassis/http/test_read_only_mode.py", "find_one", "the driver's name"),
    Allowance("tests/cli/test_drill.py", "test_drill", "the command stays `distretti drill`"),
    Allowance("tools/evaluation/leave_one_project_out.py", "leave_one_project_out", "the method's name in the literature"),
)
