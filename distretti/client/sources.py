"""Where imported members come from: the bundled sample, or a directory of real data."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from distretti.importers.cordis import read_cordis
from distretti.importers.finance import read_finance
from distretti.importers.import_line import Line, Skipped
from distretti.importers.spinoffs import read_spinoffs

SAMPLE = Path(__file__).parents[1] / "sample" / "members.ndjson"


@dataclass
class Source:
    """Lines to import, and the skipped rows of the source with reasons."""

    lines: list[str]
    skipped: list[Skipped] = field(default_factory=list)


def read_source(data: Path | None) -> Source:
    """Read the sample, or with `data` the CORDIS organisations, the spin-offs and the investors below it."""
    if data is None:
        return Source(SAMPLE.read_text().splitlines())
    source = Source([])
    source.lines += [line.model_dump_json() for line in _real(data, source.skipped)]
    return source


def _real(data: Path, skipped: list[Skipped]) -> Iterator[Line]:
    yield from read_cordis(data / "cordis", skipped.append)
    yield from read_spinoffs(data / "spinoffs" / "spinoffs.jsonl.gz", skipped.append)
    yield from read_finance(data / "finance", skipped.append)
