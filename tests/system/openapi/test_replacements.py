"""What a PUT replaces is given as a whole, in every service: nothing that a body leaves out is emptied by a default."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter

from distretti.ops.services import declarations

ACTS = {"appoint": "says who decides and against which wishes: nothing stored has these fields"}
"""Commands under PUT whose body is no whole."""


def replacing_routes() -> Iterator[tuple[str, Any]]:
    for service in declarations():
        for context in iter_route_contexts(service.router.routes):
            route = context.original_route
            if isinstance(route, APIRoute) and "PUT" in (context.methods or ()) and route.body_field is not None:
                yield route.name, route.body_field.field_info.annotation


ROUTES = dict(replacing_routes())


def optional(schema: dict[str, Any], definitions: dict[str, Any], path: str = "") -> Iterator[str]:
    """Every property that may be left out, also of the parts."""
    if "$ref" in schema:
        yield from optional(definitions[schema["$ref"].rpartition("/")[2]], definitions, path)
    for choice in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        yield from optional(choice, definitions, path)
    for name, part in schema.get("properties", {}).items():
        if name not in schema.get("required", ()):
            yield f"{path}.{name}"
        yield from optional(part, definitions, f"{path}.{name}")
    if "items" in schema:
        yield from optional(schema["items"], definitions, f"{path}[]")


@pytest.mark.parametrize("name", sorted(ROUTES.keys() - ACTS))
def test_every_property_of_a_replacement_is_required(name: str) -> None:
    schema = TypeAdapter(ROUTES[name]).json_schema()
    assert list(optional(schema, schema.get("$defs", {}))) == []


def test_the_replacements_are_seen() -> None:
    assert {"correct", "edit_draft", "revise_profile", "record_contact", "change_availability", *ACTS} <= ROUTES.keys()
