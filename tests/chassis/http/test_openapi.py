"""The OpenAPI document says what errors really look like."""

import json

import jsonschema
import pytest
from fastapi import FastAPI

from distretti.ops.services import declarations
from shared.chassis.errors import FieldError
from shared.chassis.http.field_problems import field_problems
from shared.chassis.http.openapi import describe_problems
from shared.chassis.http.problems import PROBLEM, problem
from shared.chassis.runtime.service import Service
from shared.chassis.texts import Texts, text


@pytest.mark.parametrize("service", declarations(), ids=lambda service: service.name)
def test_every_operation_describes_the_problems_it_answers(service: Service) -> None:
    app = FastAPI()
    app.include_router(service.router, prefix="/v1")
    describe_problems(app)
    document = app.openapi()
    described = document["components"]["responses"]["Problem"]["content"]
    assert list(described) == [PROBLEM]
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["responses"]["4XX"] == operation["responses"]["5XX"] == {"$ref": "#/components/responses/Problem"}
            assert "422" not in operation["responses"]
    assert "HTTPValidationError" not in json.dumps(document)
    errors = [FieldError("name", "string_too_long", text("pydantic-string-too-long", max_length=200))]
    fields = field_problems(errors, Texts("shared.chassis"), "en", uncounted=7)
    answer = problem(422, "invalid", "not valid", "name: too long", fields)
    schemas = document["components"]["schemas"]
    jsonschema.validate(json.loads(bytes(answer.body)), {"components": {"schemas": schemas}, **described[PROBLEM]["schema"]})


@pytest.mark.parametrize("service", declarations(), ids=lambda service: service.name)
def test_every_operation_answers_through_a_model(service: Service) -> None:
    app = FastAPI()
    app.include_router(service.router, prefix="/v1")
    describe_problems(app)
    untyped = [
        f"{method} {path}"
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
        for status, answer in operation["responses"].items()
        for media_type, content in answer.get("content", {}).items()
        if status.startswith("2") and media_type == "application/json"
        # A model of ours, a choice between models, or a list of them; not an object with any fields.
        if not content["schema"].keys() & {"$ref", "anyOf", "items"}
    ]
    assert untyped == []
