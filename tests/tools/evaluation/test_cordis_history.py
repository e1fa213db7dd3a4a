"""The collaborations of past projects."""

import gzip
import json

from tests.importers.fixtures import DATA, needs_data
from tools.evaluation.cordis_history import read_collaborations


@needs_data
def test_the_real_tables_are_read_and_projects_without_an_objective_are_no_queries():
    data = read_collaborations(DATA / "cordis", lambda skipped: None)
    assert len(data.projects) > 10_000
    assert 0 < sum(project.described for project in data.projects) < len(data.projects)
    assert all(project.collaboration.text for project in data.projects if project.described)


def test_a_project_without_dates_starts_when_all_of_its_programme_had_begun(world):
    with gzip.open(world / "projects.jsonl.gz", "at") as file:
        for number, dates in enumerate([{}, {"end_date": "2013-05-01"}, {"framework": "ESIF"}]):
            row = {"project_id": f"z{number}", "title": "Z", "objective": " ", "framework": "FP7", "start_date": None, **dates}
            file.write(json.dumps(row) + "\n")
    projects = read_collaborations(world, lambda skipped: None).projects[-3:]
    assert [(project.start, project.described) for project in projects] == [
        ("2014-12-31", False),
        ("2013-05-01", False),
        ("9999", False),
    ]


def test_kinds_follow_the_activity_and_the_mark_for_smes(world):
    data = read_collaborations(world, lambda skipped: None)
    assert {id for id, member in data.members.items() if member.kind == "sme"} == set("mxb") == data.small
    assert {member.kind for id, member in data.members.items() if id not in data.small} == {"large-firm"}
    coordinators = {project.collaboration.id.split("-")[0]: project.coordinator for project in data.projects}
    assert coordinators == {"laser": "l", "wool": "w", "algae": "a"}
