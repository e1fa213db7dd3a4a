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


def inline_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a model without references, for a part of the document that the framework does not make."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})

    def inlined(part: Any) -> Any:
        if isinstance(part, list):
            return [inlined(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return inlined(definitions[part["$ref"].rpartition("/")[2]])
        return {name: inlined(item) for name, item in part.items()}

    inline: dict[str, Any] = inlined(schema)
    return inline
