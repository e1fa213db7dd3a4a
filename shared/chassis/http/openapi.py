"""The OpenAPI document of a service: the framework's own, with errors as they are really answered."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from shared.chassis.http.field_problems import FieldProblem
from shared.chassis.http.problems import PROBLEM

SCHEMAS = "#/components/schemas/"


class Problem(BaseModel):
    """What is wrong (RFC 9457). `errors` names the first wrong fields, the rule each breaks and what is allowed."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []
    more_errors: int = 0


def describe_problems(app: FastAPI) -> None:
    """Describe problem+json for each operation of the API; the framework would describe an answer of its own."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(generate())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    described = Problem.model_json_schema(ref_template=SCHEMAS + "{model}")
    schemas |= {**described.pop("$defs"), "Problem": described}
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    content = {PROBLEM: {"schema": {"$ref": f"{SCHEMAS}Problem"}}}
    components["responses"] = {"Problem": {"description": "Why it cannot be done, and what to do.", "content": content}}
    for path, operations in document["paths"].items():
        for operation in operations.values() if path.startswith("/v1/") else ():
            operation["responses"].pop("422", None)
            operation["responses"] |= {key: {"$ref": "#/components/responses/Problem"} for key in ("4XX", "5XX")}
    return document
