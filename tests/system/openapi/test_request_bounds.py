"""Every collection in every request body of every service is bounded and counted first; every body fits what its route takes."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError

from distretti.ops.services import declarations
from services.registry.bulk_import.schemas import ImportLine
from shared.chassis.config import Settings
from shared.chassis.http.request_bodies import DeclaredBodies

Path = tuple[str, ...]
ITEM = "[]"
LONGEST_CHARACTER = 4
"""Bytes of UTF-8."""


def routes_with_bodies() -> Iterator[tuple[str, RouteContext, DeclaredBodies, Any]]:
    for service in declarations():
        bodies = DeclaredBodies(service.router.routes)
        for context in iter_route_contexts(service.router.routes):
            route = context.original_route
            if isinstance(route, APIRoute) and route.body_field is not None:
                yield f"{service.name} {route.name}", context, bodies, route.body_field.field_info.annotation


def request_models() -> Iterator[tuple[str, Any]]:
    yield "registry import line", ImportLine
    for name, _, _, model in routes_with_bodies():
        yield name, model


def is_map(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "object" and "properties" not in schema


def collections(schema: dict[str, Any], definitions: dict[str, Any], path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every list and every object of free keys, with where it is."""
    if "$ref" in schema:
        yield from collections(definitions[schema["$ref"].rpartition("/")[2]], definitions, path)
    for choice in schema.get("anyOf", []) + schema.get("oneOf", []):
        yield from collections(choice, definitions, path)
    for name, part in schema.get("properties", {}).items():
        yield from collections(part, definitions, (*path, name))
    if schema.get("type") == "array":
        yield path, schema
        yield from collections(schema.get("items", {}), definitions, (*path, ITEM))
    if is_map(schema):
        yield path, schema


def at(path: Path, value: Any) -> Any:
    """A body with this value at its place, and nothing else."""
    for name in reversed(path):
        value = [value] if name == ITEM else {name: value}
    return value


MODELS = dict(request_models())
CASES = [
    pytest.param(model, path, schema, id=f"{name}: {'.'.join(path)}")
    for name, model in MODELS.items()
    for definition in [TypeAdapter(model).json_schema()]
    for path, schema in collections(definition, definition.get("$defs", {}))
]


def test_the_requests_are_seen() -> None:
    assert len(MODELS) > 20
    assert len(CASES) > 30
    assert all(issubclass(model, BaseModel) for model in MODELS.values())


@pytest.mark.parametrize(("model", "path", "schema"), CASES)
def test_too_many_items_are_one_error_however_wrong_they_are(model: type[BaseModel], path: Path, schema: dict[str, Any]) -> None:
    limit = schema.get("maxItems") if schema["type"] == "array" else schema.get("maxProperties")
    assert limit is not None, "a collection without a limit"
    items: Any = [[f"?{number}"] for number in range(limit + 1)]
    too_many = items if schema["type"] == "array" else {f"?{number}": item for number, item in enumerate(items)}
    with pytest.raises(ValidationError) as failure:
        model.model_validate(at(path, too_many))
    place = tuple(0 if name == ITEM else name for name in path)
    within = [error["type"] for error in failure.value.errors() if error["loc"][: len(place)] == place]
    assert within == ["too_long"]


def size(schema: dict[str, Any], definitions: dict[str, Any]) -> int:
    """How many bytes a schema may take as JSON."""
    if "$ref" in schema:
        return size(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return max(size(choice, definitions) for choice in schema["anyOf"])
    if "enum" in schema:
        return max(len(value) for value in schema["enum"]) + 2
    match schema.get("type"):
        case "string":
            width = 1 if "pattern" in schema else LONGEST_CHARACTER
            return int(schema.get("maxLength", 60)) * width + 2
        case "array":
            return int(schema["maxItems"]) * (size(schema["items"], definitions) + 1) + 2
        case "object" if is_map(schema):
            [values] = (schema.get("patternProperties") or {"": schema.get("additionalProperties")}).values()
            keys = {"type": "string", "pattern": "", **schema.get("propertyNames", {})}
            return int(schema["maxProperties"]) * (size(keys, definitions) + size(values, definitions) + 2) + 2
        case "object":
            return sum(len(name) + 4 + size(part, definitions) for name, part in schema["properties"].items()) + 2
        case _:
            return 20


@pytest.mark.parametrize(("context", "bodies", "model"), [pytest.param(*case, id=name) for name, *case in routes_with_bodies()])
def test_the_longest_body_that_a_model_allows_is_taken_by_its_route(
    context: RouteContext, bodies: DeclaredBodies, model: type[BaseModel]
) -> None:
    schema = TypeAdapter(model).json_schema()
    (method,) = context.methods or ()
    declared = bodies.of(method, (context.path or "").replace("{", "").replace("}", ""))
    assert size(schema, schema.get("$defs", {})) <= (declared.limit or Settings().body_bytes)
