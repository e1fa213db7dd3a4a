"""What was measured, as a table and as JSON."""

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
    """A bound on the ratio, or on the value itself where there is no peer."""

    sense: Literal["at least", "at most"]
    bound: float

    def met_by(self, value: float) -> bool:
        """Tell whether a value keeps the bound."""
        return value >= self.bound if self.sense == "at least" else value <= self.bound


@dataclass(frozen=True)
class Row:
    """One comparison. `ours` and `peer` hold one value for each repetition; their medians are compared."""

    what: str
    unit: str
    ours: Sequence[float]
    against: str = ""
    peer: Sequence[float] = ()
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's, of medians; None without a peer."""
        return median(self.ours) / median(self.peer) if self.peer else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.target.met_by(median(self.ours) if self.ratio is None else self.ratio)


def table(rows: Sequence[Row]) -> Table:
    """Show the medians side by side."""
    shown = Table(title="Ours beside its floor")
    for name in ("what", "ours", "peer", "ratio", "target", "met"):
        shown.add_column(name, justify="left" if name == "what" else "right")
    for row in rows:
        shown.add_row(
            f"{row.what}, {row.unit}",
            _number(median(row.ours)),
            f"{_number(median(row.peer))} {row.against}" if row.peer else "",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            "" if row.target is None else f"{row.target.sense} {row.target.bound:g}",
            {None: "", True: "yes", False: "no"}[row.met],
        )
    return shown


def as_json(rows: Sequence[Row], seconds: float) -> str:
    """Write everything that was measured, every repetition of it."""
    content = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "on": {"cores": os.cpu_count(), "python": platform.python_version(), "stores": describe()},
        "rows": [{**asdict(row), "ratio": row.ratio, "met": row.met} for row in rows],
    }
    return json.dumps(content, indent=2)


def save(content: str) -> None:
    """Keep the report where `make bench` leaves it."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(content + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
