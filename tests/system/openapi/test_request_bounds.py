"""Every collection in every request body of every service is bounded, and counted before its items are looked at."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError

from distretti.ops.services import declarations
from services.registry.schemas import ImportLine

Path = tuple[str, ...]
ITEM = "[]"


def request_models() -> Iterator[tuple[str, Any]]:
    yield "registry import line", ImportLine
    for service in declarations():
        for context in iter_route_contexts(service.router.routes):
            route = context.original_route
            if isinstance(route, APIRoute) and route.body_field is not None:
                yield f"{service.name} {route.name}", route.body_field.field_info.annotation


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
    if isinstance(schema.get("additionalProperties"), dict):
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
