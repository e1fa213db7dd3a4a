"""What a problem says; a failure says nothing of its cause."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import Request
from pymongo.errors import AutoReconnect

from shared.chassis.http.problems import LONGEST_DETAIL, on_failure, problem, route_of
from shared.chassis.http.refusals import UnservedRequests
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.chassis.texts import Texts


def test_a_problem_has_errors_only_where_fields_are_wrong() -> None:
    body = json.loads(bytes(problem(409, "claimed", "claimed", "It is taken.").body))
    assert body == {"type": "urn:distretti:problem:claimed", "title": "claimed", "status": 409, "detail": "It is taken."}


def test_a_detail_is_cut_to_a_length() -> None:
    detail = json.loads(bytes(problem(409, "claimed", "claimed", "x" * 100_000).body))["detail"]
    assert len(detail) == LONGEST_DETAIL
    assert detail.endswith("x…")


@pytest.mark.parametrize(("error", "status"), [(ZeroDivisionError("secret"), 500), (AutoReconnect("secret"), 503)])
async def test_a_failure_is_answered_without_its_cause(error: Exception, status: int) -> None:
    app = SimpleNamespace(state=SimpleNamespace(texts=Texts("shared.chassis"), unserved=UnservedRequests(Metrics())))
    request = Request({"type": "http", "headers": [], "app": app, "method": "GET", "path": "/"})
    answer = await on_failure(request, error)
    assert answer.status_code == status
    assert b"secret" not in bytes(answer.body)


def test_a_request_that_no_route_takes_is_unmatched() -> None:
    assert route_of({}) == "unmatched"
    assert route_of(cast(dict[str, Any], {"route": SimpleNamespace(path="/members/{id}")})) == "/members/{id}"
