"""Organisations and the projects they joined, read from CORDIS's tables."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from distretti.importers.import_line import Report, tidy
from distretti.importers.rows import csv_rows, json_rows
from services.matching.ranking import Collaboration, Member
from shared.contracts.registry import Kind

# The start assumed for projects without dates: when all projects of their programme had begun.
LAST_STARTS = {"FP7": "2014-12-31", "H2020": "2022-12-31"}


@dataclass(frozen=True)
class Project:
    """A project: `start` is an ISO date; `described` when it has an objective, so that it can be a query."""

    collaboration: Collaboration
    start: str
    coordinator: str | None
    described: bool


@dataclass(frozen=True)
class Collaborations:
    """All projects by id, and the organisations that joined any; `small` are those that CORDIS marks as SMEs."""

    projects: list[Project]
    members: dict[str, Member]
    small: frozenset[str]


def read_collaborations(directory: Path, report: Report) -> Collaborations:
    """Read a directory; skipped rows go to `report`. Raises SourceMissing."""
    rows = csv_rows(directory / "organisations.csv.gz", ("pic", "name", "country", "city", "activity_type", "sme"), report)
    organisations = {row["pic"]: row for _, row in rows}
    joined: dict[str, dict[str, None]] = defaultdict(dict)
    coordinators: dict[str, str] = {}
    for _, row in csv_rows(directory / "participations.csv.gz", ("project_id", "pic", "role"), report):
        if row["pic"] in organisations:
            joined[row["project_id"]][row["pic"]] = None
            if row["role"] == "coordinator":
                coordinators[row["project_id"]] = row["pic"]
    projects = []
    for _, row in json_rows(directory / "projects.jsonl.gz", report):
        id, objective = str(row["project_id"]), tidy(row.get("objective"))
        collaboration = Collaboration(id, tuple(sorted(joined[id])), tidy(row.get("title")), objective)
        start = row.get("start_date") or row.get("end_date") or LAST_STARTS.get(row.get("framework") or "", "9999")
        projects.append(Project(collaboration, start, coordinators.get(id), bool(objective)))
    members = {pic: _member(row) for pic, row in sorted(organisations.items())}
    return Collaborations(
        sorted(projects, key=lambda project: project.collaboration.id),
        members,
        frozenset(pic for pic, row in organisations.items() if row["sme"] == "Yes"),
    )


def _member(row: dict[str, str]) -> Member:
    """A member without offers or needs; a firm of unknown size counts as large."""
    kind: Kind = "large-firm"
    if row["activity_type"] in ("HES", "REC"):
        kind = "research-organisation"
    elif row["sme"] == "Yes":
        kind = "sme"
    name = tidy(f"{row['name']} {row.get('short_name') or ''}")
    return Member(row["pic"], name, kind, country=row["country"], city=tidy(row["city"]), language="en")
