"""Every command of every service: no body where none is coerced, and nothing in a body coerced for another type."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

import pytest
from fastapi import FastAPI, Request
from fastapi.routing import RouteContext, iter_route_contexts
from httpx2 import ASGITransport, AsyncClient
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from distretti.ops.services import declarations
from shared.chassis.errors import Invalid
from shared.chassis.http.request_bodies import DECLARED, RequestBody
from shared.chassis.http.strict_bodies import StrictAdapter, refuse_unexpected_body, take_bodies_strictly
from tests.system.test_request_texts import bodies

COERCIBLE: dict[type, list[Any]] = {
    bool: ["true", 1, "yes", 0.0],
    int: ["5", True, 5.0],
    float: ["5", True],
    AwareDatetime: [1_700_000_000, "1700000000", "-1700000000", True],
    date: [1_700_000_000, "1700000000", "0", True],
    str: [5, True, 1.5],
}


def commands() -> Iterator[tuple[str, RouteContext]]:
    for service in declarations():
        app = FastAPI()
        app.include_router(service.router, prefix="/v1")
        take_bodies_strictly(app.routes)
        for context in iter_route_contexts(list(app.routes)):
            if not (context.methods or set()) <= {"GET", "HEAD"}:
                yield f"{service.name} {'/'.join(sorted(context.methods or ()))} {context.path}", context


COMMANDS = dict(commands())
WITH_BODY = [name for name, context in COMMANDS.items() if context.dependant.body_params]
STREAMED = [name for name, context in COMMANDS.items() if getattr(context.endpoint, DECLARED, RequestBody()).streamed]
WITHOUT_BODY = sorted(COMMANDS.keys() - set(WITH_BODY) - set(STREAMED))


async def refused(context: RouteContext, body: bytes) -> bool:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    route = SimpleNamespace(body_field=None, endpoint=context.endpoint)
    request = Request({"type": "http", "method": "POST", "route": route}, cast(Any, receive))
    try:
        await refuse_unexpected_body(cast(Any, request))
    except Invalid as refusal:
        return refusal.code == "body-unexpected"
    return False


@pytest.mark.parametrize("name", WITHOUT_BODY)
async def test_a_command_without_a_body_refuses_one(name: str) -> None:
    assert await refused(COMMANDS[name], b'{"reason": "why"}')
    assert not await refused(COMMANDS[name], b"")


def test_the_import_reads_its_body_itself() -> None:
    assert [name.split()[-1] for name in STREAMED] == ["/v1/members/import"]


class Number(BaseModel):
    number: int


@pytest.mark.parametrize(("sent", "status"), [(5, 200), ("5", 422)])
async def test_the_framework_asks_the_adapter_that_stands_in_for_its_own(sent: Any, status: int) -> None:
    app = FastAPI()

    @app.post("/numbers")
    async def number(body: Number) -> int:
        return body.number

    take_bodies_strictly(app.routes)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as http:
        assert (await http.post("/numbers", json={"number": sent})).status_code == status


def leaves(annotation: Any, path: str) -> Iterator[tuple[str, Any, type]]:
    """The places of plain values in a type: each with its own type, and what that is at last."""
    if get_origin(annotation) is Literal:
        return
    plain = next((kind for kind in COERCIBLE if kind in plain_types(annotation)), None)
    if plain is not None and get_origin(annotation) not in (list, tuple, dict):
        yield path, annotation, plain
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield from leaves(field.rebuild_annotation(), f"{path}.{name}")
    else:
        for argument in get_args(annotation):
            yield from leaves(argument, path)


def plain_types(annotation: Any) -> tuple[Any, ...]:
    """What is left of a type without its metadata, and without None."""
    inner = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    return tuple(map(plain_type, get_args(inner))) if get_origin(inner) in (Union, UnionType) else (plain_type(inner),)


def plain_type(annotation: Any) -> Any:
    return plain_type(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


PLACES = {path: (kind, plain) for body in bodies() for path, kind, plain in leaves(body, body.__name__)}


def test_every_command_takes_its_body_strictly() -> None:
    assert all(
        isinstance(field._type_adapter, StrictAdapter) for name in WITH_BODY for field in COMMANDS[name].dependant.body_params
    )
    assert len(PLACES) > 60
    assert {plain for _, plain in PLACES.values()} == set(COERCIBLE)


@pytest.mark.parametrize("path", sorted(PLACES))
def test_nothing_in_a_body_is_taken_for_another_type(path: str) -> None:
    kind, plain = PLACES[path]
    adapter = StrictAdapter(TypeAdapter(kind))
    for value in COERCIBLE[plain]:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)
