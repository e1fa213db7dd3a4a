"""The files of the CORDIS data set, joined as far as they concern Tuscan organisations."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from distretti.importers.import_line import Report, Skipped, body, tidy, title
from distretti.importers.rows import csv_rows, json_rows
from distretti.importers.topic_classifier import find_topics

ORGANISATIONS = ("pic", "name", "short_name", "country", "city", "nuts3", "activity_type", "sme", "url", "tuscan")


@dataclass(frozen=True)
class Project:
    """A project in its own words. `start` is an ISO date or empty; topics are classified from `words`."""

    title: str
    text: str
    words: str
    start: str
    topics: tuple[str, ...]


@dataclass
class Tables:
    """Tuscan organisations, the ids of the projects each joined (ordered, distinct), and these projects."""

    organisations: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    joined: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    projects: dict[str, Project] = field(default_factory=dict)


def load_tables(directory: Path, report: Report) -> Tables:
    """Read the five files of the data set; skipped rows go to `report`. Raises SourceMissing."""
    tables = Tables()
    for number, row in csv_rows(directory / "organisations.csv.gz", ORGANISATIONS, report):
        if row["tuscan"] == "True":
            tables.organisations.append((number, row))
        elif row["tuscan"] != "False":
            report(Skipped("organisations.csv.gz", f"line {number}", "tuscan is neither True nor False"))
    tuscan = {row["pic"] for _, row in tables.organisations}
    lines: dict[str, int] = {}
    columns = ("project_id", "pic")
    for number, row in csv_rows(directory / "participations.csv.gz", columns, report):
        if row["pic"] in tuscan:
            tables.joined[row["pic"]][row["project_id"]] = None
            lines.setdefault(row["project_id"], number)
    fields = _fields(directory, set(lines), report)
    for number, project in json_rows(directory / "projects.jsonl.gz", report):
        key = str(project.get("project_id"))
        if lines.pop(key, None) is None:
            continue
        try:
            tables.projects[key] = _project(project, fields[key])
        except (TypeError, AttributeError, ValueError) as error:
            reason = f"no offer is made of project {key}: {error}"
            report(Skipped("projects.jsonl.gz", f"line {number}", reason))
    for key, number in lines.items():
        reason = f"project {key} is not in projects.jsonl.gz: no offer is made of it"
        report(Skipped("participations.csv.gz", f"line {number}", reason, whole_row=False))
    return tables


def _fields(directory: Path, projects: set[str], report: Report) -> dict[str, list[str]]:
    columns = ("euroSciVocCode", "euroSciVocTitle")
    titles = {
        row["euroSciVocCode"]: row["euroSciVocTitle"] for _, row in csv_rows(directory / "euroscivoc_codes_en.csv", columns, report)
    }
    fields: dict[str, list[str]] = defaultdict(list)
    columns = ("projectID", "euroSciVocCode")
    for number, row in csv_rows(directory / "euroscivoc_by_project.csv.gz", columns, report):
        if row["projectID"] not in projects:
            continue
        if row["euroSciVocCode"] in titles:
            fields[row["projectID"]].append(titles[row["euroSciVocCode"]])
        else:
            reason = f"unknown code {row['euroSciVocCode']}"
            report(Skipped("euroscivoc_by_project.csv.gz", f"line {number}", reason))
    return fields


def _project(row: dict[str, str | None], fields: list[str]) -> Project:
    """Topics are classified from the project's own words; from its programme's theme only where those give none."""
    if not tidy(row.get("title")):
        raise ValueError("it has no title")
    topic, theme = tidy(row.get("topic")), tidy(row.get("theme"))
    text = body(row.get("objective") or "", topic, theme if theme != topic else "", ", ".join(fields))
    name = title(row.get("title") or "")
    words = " ".join((name, tidy(row.get("objective")), topic, *fields))
    return Project(name, text, words, row.get("start_date") or "", find_topics(words) or find_topics(theme))
