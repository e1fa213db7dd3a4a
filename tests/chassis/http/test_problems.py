"""Errors of pydantic become named fields; a failure says nothing of its cause."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import Request
from pydantic import BaseModel, Field, ValidationError
from pymongo.errors import AutoReconnect

from shared.chassis.http.problems import field_errors, on_failure, problem, route_of
from shared.chassis.http.refusals import UnservedRequests
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.chassis.texts import Texts


class Part(BaseModel):
    title: str


class Whole(BaseModel):
    parts: list[Part] = Field(min_length=2)
    name: str


def errors_of(value: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as failure:
        Whole.model_validate(value)
    return [(error.field, error.rule) for error in field_errors(failure.value.errors(), 0)]


def test_each_wrong_field_is_named_the_way_it_was_sent() -> None:
    assert errors_of({"parts": [{}, {"title": "A"}]}) == [("parts.0.title", "missing"), ("name", "missing")]
    assert errors_of({"parts": [{"title": "A"}], "name": "W"}) == [("parts", "too_short")]


def test_a_list_is_not_too_short_because_an_item_of_it_is_wrong() -> None:
    assert errors_of({"parts": [{}], "name": "W"}) == [("parts.0.title", "missing")]


def test_a_problem_has_errors_only_where_fields_are_wrong() -> None:
    body = json.loads(bytes(problem(409, "claimed", "claimed", "It is taken.").body))
    assert body == {"type": "urn:distretti:problem:claimed", "title": "claimed", "status": 409, "detail": "It is taken."}


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
