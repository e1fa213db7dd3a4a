"""The measurements, as a table and as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Literal

from rich.table import Table

from distretti.devstack.binaries import describe

REPORT = Path("var/bench/report.json")


@dataclass(frozen=True)
class Target:
    """A bound on the ratio to the baseline, or on the value itself where there is no baseline."""

    sense: Literal["at least", "at most"]
    bound: float

    def met_by(self, value: float) -> bool:
        """Whether a value is within the bound."""
        return value >= self.bound if self.sense == "at least" else value <= self.bound


@dataclass(frozen=True)
class Row:
    """One measurement. `values` and `baseline_values` have a value per repetition; their medians are compared."""

    name: str
    unit: str
    values: Sequence[float]
    baseline: str = ""
    baseline_values: Sequence[float] = ()
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """Ratio of the medians; None without a baseline."""
        return median(self.values) / median(self.baseline_values) if self.baseline_values else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.target.met_by(median(self.values) if self.ratio is None else self.ratio)


def as_table(rows: Sequence[Row]) -> Table:
    """The medians side by side."""
    table = Table(title="Measurements and baselines")
    for name in ("name", "median", "baseline", "ratio", "target", "met"):
        table.add_column(name, justify="left" if name == "name" else "right")
    for row in rows:
        table.add_row(
            f"{row.name}, {row.unit}",
            _number(median(row.values)),
            f"{_number(median(row.baseline_values))} {row.baseline}" if row.baseline_values else "",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            "" if row.target is None else f"{row.target.sense} {row.target.bound:g}",
            {None: "", True: "yes", False: "no"}[row.met],
        )
    return table


def as_json(rows: Sequence[Row], seconds: float) -> str:
    """All measurements with every repetition."""
    content = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "on": {"cores": os.cpu_count(), "python": platform.python_version(), "stores": describe()},
        "rows": [{**asdict(row), "ratio": row.ratio, "met": row.met} for row in rows],
    }
    return json.dumps(content, indent=2)


def save(content: str) -> None:
    """Write the report to the file of `make bench`."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(content + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
