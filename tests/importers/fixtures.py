"""Small compressed files for the readers, and where the real data sets are."""

import csv
import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from distretti.importers.import_line import Line
from shared.contracts.taxonomy import TOPICS

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data sets are not at {DATA}")


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def write_json_lines(path: Path, rows: Sequence[Mapping[str, Any] | str]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def assert_sound(lines: Sequence[Line]) -> None:
    """What holds of every line whatever its source: known districts and topics, distinct identifiers and offers."""
    districts = {row["id"] for row in json.loads((ROOT / "services/registry/seed/districts.json").read_text("utf-8"))}
    identifiers = [identifier for line in lines for identifier in line.identifiers]
    assert len(set(identifiers)) == len(identifiers)
    for line in lines:
        assert set(line.districts) <= districts, line.name
        topics_of_line = [line.profile.topics, *(offer.topics for offer in line.offers), *(need.topics for need in line.needs)]
        assert all(topic in TOPICS for topics in topics_of_line for topic in topics), line.name
        assert len({(offer.nature, offer.title) for offer in line.offers}) == len(line.offers), line.name
        assert len({(need.nature, need.title) for need in line.needs}) == len(line.needs), line.name
        assert line.contact is not None
        assert line.contact.email.endswith(".example")
        assert Line.model_validate_json(line.model_dump_json()) == line
