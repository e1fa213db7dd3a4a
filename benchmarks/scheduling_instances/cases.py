"""The cases of the benchmark in a directory, with their published results."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PUBLISHED = "published.csv"
DEFAULT_FAIRNESS = 2


@dataclass(frozen=True, slots=True)
class Case:
    """An instance under a fairness cap. `published` is its fewest breaks or "infeasible", None where no result is published."""

    name: str
    file: Path
    fairness: int
    published: str | None = None
    published_seconds: float | None = None

    @property
    def is_original(self) -> bool:
        """Whether this is a real event, not a variant of one."""
        return self.name.endswith(".original")


def find_cases(directory: Path) -> list[Case]:
    """Every row of `published.csv`, then every instance without one."""
    cases = list(_published(directory))
    published = {case.file for case in cases}
    return cases + [Case(file.stem, file, DEFAULT_FAIRNESS) for file in sorted(directory.glob("*.dzn")) if file not in published]


def _published(directory: Path) -> Iterator[Case]:
    """The variants d0, d1, d3 are the original under another cap."""
    if not (directory / PUBLISHED).exists():
        return
    with (directory / PUBLISHED).open(newline="") as rows:
        for row in csv.DictReader(rows):
            name = f"{row['base']}.{row['variant']}"
            own = directory / f"{name}.dzn"
            file = own if own.exists() else directory / f"{row['base']}.original.dzn"
            if file.exists():
                yield Case(name, file, int(row["fairness_d"]), row["optimal_breaks"], float(row["maxsat_seconds_2022"]))
