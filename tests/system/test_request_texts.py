"""Every text in the body of every command: what shows nothing or deceives is refused, wherever it is sent."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from distretti.ops.services import declarations
from services.registry.bulk_import.schemas import ImportLine

CHECKED_ELSEWHERE = {"timezone", "website", "topics", "code", "districts"}
"""Compared with what there is: an id of the taxonomy, a district, a place, a check-in code, a web address."""
BAD = ["\u200b", " \u00a0", "\x00", "a\x00b", "a\u202eb", "\ufeff", "\x1b"]


@cache
def bodies() -> list[type[BaseModel]]:
    """The models of all bodies, and of a line of the import."""
    routes = [route for service in declarations() for route in routes_of(service.router)]
    models = [parameter.field_info.annotation for route in routes for parameter in route.dependant.body_params]
    return [*{model for annotation in models for model in models_in(annotation)}, ImportLine]


def routes_of(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(included := getattr(route, "original_router", None), APIRouter):
            yield from routes_of(included)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def texts_of(annotation: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The places of texts in a type, each with its own type."""
    if get_origin(annotation) is Literal:
        return
    if annotation is str or (get_origin(annotation) is Annotated and get_args(annotation)[0] in (str, str | None)):
        yield path, annotation
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield from texts_of(field.rebuild_annotation(), f"{path}.{name}")
    else:
        for argument in get_args(annotation):
            yield from texts_of(argument, path)


def places() -> dict[str, Any]:
    texts = {path: kind for body in bodies() for path, kind in texts_of(body, body.__name__)}
    return {path: kind for path, kind in texts.items() if path.rsplit(".", 1)[-1] not in CHECKED_ELSEWHERE}


def test_every_body_is_looked_at() -> None:
    assert len(bodies()) > 15
    assert len(places()) > 40


@pytest.mark.parametrize("path", sorted(places()))
def test_no_text_of_a_body_shows_nothing_or_deceives(path: str) -> None:
    adapter = TypeAdapter(places()[path])
    for value in BAD:
        try:
            accepted = adapter.validate_python(value)
        except ValidationError:
            continue
        assert accepted == "", f"{path} takes {value!r}"
