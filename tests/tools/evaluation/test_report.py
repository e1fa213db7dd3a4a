"""`distretti evaluate` measures the whole and says what is missing."""

import json

from typer.testing import CliRunner

from distretti.cli.main import app


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
