"""An answer to the bulk import is whole where its last line is the summary of as many results as lines were sent."""

import json
from typing import Any

import pytest

from distretti.client.members import whole_results

CREATED = {"line": 1, "status": "created", "id": "m"}


def summary(lines: int) -> dict[str, Any]:
    return {"status": "complete", "lines": lines, "created": lines, "exists": 0, "invalid": 0, "failed": 0}


def test_the_results_of_a_whole_import_are_those_before_the_summary() -> None:
    assert whole_results([json.dumps(line) for line in (CREATED, CREATED, summary(2))], 2) == [CREATED, CREATED]
    assert whole_results([json.dumps(summary(0))], 0) == []


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [CREATED],
        [CREATED, CREATED],
        [CREATED, summary(1)],
        [CREATED, summary(2)],
        [CREATED, CREATED, summary(1)],
        [CREATED, CREATED, CREATED, summary(3)],
        [CREATED, {"line": 2, "status": "failed", "errors": []}],
    ],
)
def test_an_import_that_ended_early_is_not_whole(answer: list[dict[str, Any]]) -> None:
    assert whole_results([json.dumps(line) for line in answer], 2) is None


def test_an_answer_cut_within_a_line_is_not_whole() -> None:
    assert whole_results([json.dumps(CREATED), json.dumps(CREATED), json.dumps(summary(2))[:20]], 2) is None
