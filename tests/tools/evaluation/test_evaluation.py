"""The evaluation on a small world, where one can tell who must win; and that no query sees its own project."""

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from distretti.cli.main import app
from services.matching.ranking.scoring import RULES
from tests.importers.fixtures import DATA, needs_data
from tests.matching.ranking.factories import firm, lab, need, offer
from tools.evaluation.cordis_history import read_collaborations
from tools.evaluation.cross_lingual import evaluate_languages, pairs
from tools.evaluation.exposure import exposure, gini
from tools.evaluation.leave_one_project_out import Arena, evaluate
from tools.evaluation.metrics import compare, measure
from tools.evaluation.train_weights import learn, lessons

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


def test_measures_by_hand():
    order, truth, small = np.arange(20), np.array([1, 15]), np.arange(20) == 2
    hit, recall, mrr, ndcg, share = measure(order, truth, small)
    assert (hit, recall, mrr, share) == (1.0, 1.0, 0.5, 0.1)
    assert ndcg == pytest.approx((1 / np.log2(3)) / (1 + 1 / np.log2(3)))
    empty = measure(order[:0], truth, small)
    assert empty.tolist() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(("counts", "value"), [([3, 3, 3], 0.0), ([0, 0, 0, 8], 0.75), ([1, 2, 3, 4], 0.25), ([0, 0], 0.0)])
def test_gini_by_hand(counts, value):
    assert gini(np.array(counts, dtype=np.float64)) == pytest.approx(value)


def test_exposure_says_who_is_shown_to_whom():
    yards = [firm(f"y{number}", needs=(need("Coating of hulls"),)) for number in range(4)]
    coater, weaver = (lab(id, offers=(offer(title, nature="research"),)) for id, title in (("c", "Hull coating"), ("w", "Looms")))
    to_firms, to_research = exposure([*yards, coater, weaver], "yes", RULES)
    assert (to_firms["lists of"], to_firms["lists"], to_firms["most shown in"], to_firms["never shown"]) == ("firms", 4, 1.0, 0.5)
    assert (to_research["lists of"], to_research["lists"], to_research["small"], to_research["gini"]) == ("research", 1, 1.0, 0.0)
    assert 0 < to_firms["relevance"] < 1


def test_an_interval_is_paired_and_the_same_again():
    baseline = np.linspace(0, 1, 50)
    difference, ratio = compare((baseline + 0.1).tolist(), baseline.tolist())
    assert difference.value == pytest.approx(0.1)
    assert (difference.low, difference.high) == pytest.approx((0.1, 0.1))
    assert ratio.low < ratio.value < ratio.high
    assert compare(baseline.tolist(), baseline.tolist()) == compare(baseline.tolist(), baseline.tolist())


def test_who_joined_is_found_by_all_that_read_and_temporal_history_ends_before_the_date(world):
    data = read_collaborations(world, lambda skipped: None)
    results = {(r.protocol, r.split, r.method): r.row() for r in evaluate(data, "2025-01-01")}
    assert results["text", "temporal", "ours"]["queries"] == 6
    assert results["text", "all", "ours"]["queries"] == 9
    for method in ("ours", "tfidf"):
        assert results["text", "temporal", method]["mrr"] == 1.0
    assert results["text", "temporal", "popularity"]["mrr"] < 1.0
    past = [project for project in data.projects if project.start < "2025-01-01"]
    assert {collaboration.id for collaboration in Arena(data, past).search._history.collaborations} == {
        p.collaboration.id for p in past
    }


def test_the_project_asked_about_is_nowhere_in_what_ranks_it(world):
    data = read_collaborations(world, lambda skipped: None)
    whole = Arena(data, data.projects)
    for project in [project for project in data.projects if project.described]:
        rest = Arena(data, [candidate for candidate in data.projects if candidate is not project])
        assert rest.position == whole.position
        assert whole.popularity(project).tolist() == rest.popularity(project).tolist()
        query = whole.query(project, "seeker")
        features, without_project = whole.search.features(query), rest.search.features(query)
        for name in ("active", "listed", "together", "partners_of_partners"):
            assert features[name].tolist() == pytest.approx(without_project[name].tolist()), name
        for name in ("text", "words"):
            assert ((features[name] > 0) == (without_project[name] > 0)).all(), name
        assert set(whole.truth(project, "text")) == {rest.position[id] for id in project.collaboration.members}


def test_learning_prefers_text_in_a_world_of_text_and_gives_the_same_weights_again(world):
    data = read_collaborations(world, lambda skipped: None)
    names, taught = lessons(data, "2026-01-01", lambda: None)
    weights = learn(names, taught, "test")
    assert weights.values["text"] + weights.values["words"] + weights.values["titles"] > 0
    assert all(value >= 0 for name, value in weights.values.items() if name not in ("active", "listed"))
    assert learn(names, taught, "test") == weights
    assert weights.version.startswith("partners-1.")


def test_the_command_prints_the_rows_as_json(world):
    result = CliRunner().invoke(app, ["evaluate", "matching", "--data", str(world), "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert {(row["protocol"], row["split"], row["method"]) for row in report["rows"]} == {
        (protocol, split, method)
        for protocol in ("text", "seeker")
        for split in ("all", "temporal")
        for method in ("ours", "tfidf", "popularity")
    }
    measured = ["protocol", "split", "method", "queries", "hit@10", "recall@50", "mrr", "ndcg@10", "sme_share@10"]
    assert all(list(row) == measured for row in report["rows"])
    assert "f2b" not in report
    assert "lists" not in report


def test_a_directory_without_tables_is_said(tmp_path):
    result = CliRunner().invoke(app, ["evaluate", "matching", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "is missing" in "".join(result.output.split("\n")).replace("│", "")


def test_nine_italian_needs_in_ten_find_their_english_offer_first():
    assert len(pairs()) >= 40
    count, first, mrr = evaluate_languages()
    assert count == len(pairs())
    assert first >= 0.9
    assert mrr >= first


@needs_data
def test_the_real_tables_are_read_and_projects_without_an_objective_are_no_queries():
    data = read_collaborations(DATA / "cordis", lambda skipped: None)
    assert len(data.projects) > 10_000
    assert 0 < sum(project.described for project in data.projects) < len(data.projects)
    assert all(project.collaboration.text for project in data.projects if project.described)
