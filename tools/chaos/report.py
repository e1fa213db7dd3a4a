"""The report of a chaos test: figures as JSON, a table for people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from shared.chassis.audit.run import Audit
from tools.chaos.findings import Finding, count

MAX_PRINTED = 40
MUST_BE_ZERO = ("lost", "duplicated", "out_of_order", "stuck", "audit_differences")


@dataclass
class Report:
    """The result of a chaos test. `recovery_seconds` has median and maximum for each kind of fault."""

    faults: int
    seed: int
    rate: float
    commands_acknowledged: int = 0
    commands_refused: int = 0
    domain_events: int = 0
    records: int = 0
    messages: int = 0
    mails: int = 0
    lost: int = 0
    duplicated: int = 0
    out_of_order: int = 0
    stuck: int = 0
    audit_differences: int = 0
    repeated_in_flight: int = 0
    recovery_seconds: dict[str, dict[str, float]] = field(default_factory=dict)
    seconds: float = 0
    findings: list[dict[str, str]] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """No violations. A mail repeated because it was in flight at a kill is none."""
        return not any(getattr(self, name) for name in MUST_BE_ZERO)

    def add(self, findings: Sequence[Finding]) -> None:
        """Add findings, counted and in full."""
        for violation, number in count(findings).items():
            setattr(self, violation, number)
        self.findings += [asdict(finding) for finding in findings]

    def add_audit(self, audit: Audit) -> None:
        """Add the audit's differences, counted and in full."""
        self.audit_differences = len(audit.differences)
        for difference in audit.differences:
            location = f"{difference.service} {difference.place} {difference.id}"
            self.findings.append({"violation": "audit", "location": location, "description": difference.detail})


def recovery(measured: Sequence[tuple[str, float]]) -> dict[str, dict[str, float]]:
    """Median and maximum seconds by kind of fault, with its number."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for label, seconds in measured:
        kinds[label].append(seconds)
    return {
        label: {"times": len(times), "median": round(median(times), 1), "maximum": round(max(times), 1)}
        for label, times in sorted(kinds.items())
    }


def show(console: Console, report: Report) -> None:
    """Print the result and the first findings."""
    recoveries = Table("Fault", "Times", "Median s", "Maximum s", title="Recovery", title_justify="left")
    for label, times in report.recovery_seconds.items():
        recoveries.add_row(label, *(f"{times[name]:g}" for name in ("times", "median", "maximum")))
    console.print(recoveries)
    console.print(_figures(asdict(report)))
    for finding in report.findings[:MAX_PRINTED]:
        line = f"{finding['violation']}: {finding['location']}: {finding['description']}"
        console.print(line, style="red", markup=False, highlight=False)
    if (more := len(report.findings) - MAX_PRINTED) > 0:
        console.print(f"... and {more} more in the report.")


def _figures(values: Mapping[str, Any]) -> Table:
    table = Table("What", "How many", title="Chaos test", title_justify="left")
    for name, value in values.items():
        if isinstance(value, int | float):
            is_violation = name in MUST_BE_ZERO and value
            table.add_row(name.replace("_", " "), f"{value:,}", style="red" if is_violation else None)
    return table
