"""A small world, where one can tell who must win."""

import csv
import gzip
import json
from pathlib import Path

import pytest

FIELDS = {"laser": "lmn", "wool": "wxy", "algae": "abc"}


def write(path: Path, rows: list[dict[str, object]]) -> None:
    with gzip.open(path, "wt", newline="") as file:
        if path.name.endswith(".jsonl.gz"):
            file.writelines(json.dumps(row) + "\n" for row in rows)
            return
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def world(tmp_path):
    """Three fields with three organisations each; in every field projects of 2020, and of 2025 with an objective."""
    projects, joined = [], []
    for field, names in FIELDS.items():
        for number in range(6):
            id = f"{field}-{number}"
            title = f"{field} {['sources', 'fibres', 'ponds', 'tools', 'plants', 'lines'][number]}"
            objective = f"Better {title}" if number >= 3 else None
            start = "2025-02-01" if number >= 4 else "2020-01-01"
            facts = {"framework": "HORIZON", "start_date": start, "end_date": None}
            projects.append({"project_id": id, "title": title, "objective": objective, **facts})
            for place, name in enumerate(names):
                if place == number % 3 or place == 0:
                    joined.append({"project_id": id, "pic": name, "role": "coordinator" if place == 0 else "participant"})
    common = {"short_name": "", "country": "IT", "city": "", "activity_type": "PRC", "nuts3": "", "url": "", "tuscan": "True"}
    organisations = [
        {"pic": name, "name": f"Org {name}", "sme": "Yes" if name in "mxb" else "No", **common} for name in "".join(FIELDS.values())
    ]
    write(tmp_path / "projects.jsonl.gz", projects)
    write(tmp_path / "participations.csv.gz", joined)
    write(tmp_path / "organisations.csv.gz", organisations)
    return tmp_path
