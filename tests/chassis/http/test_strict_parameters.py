"""Parameters as they are sent: numbers as they are written, none dropped."""

from contextlib import nullcontext
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Query, Request
from fastapi.routing import iter_route_contexts
from pydantic import ValidationError

from shared.chassis.errors import Invalid
from shared.chassis.http.strict_parameters import StrictParameterAdapter, refuse_unknown_parameters, take_parameters_strictly

app = FastAPI()


@app.get("/tables/{table}")
async def read(
    table: int,
    limit: Annotated[int, Query(ge=1)] = 1,
    score: float | None = None,
    open: bool | None = None,
    name: str | None = None,
) -> None:
    return None


take_parameters_strictly(app.routes)
[CONTEXT] = [context for context in iter_route_contexts(list(app.routes)) if context.path == "/tables/{table}"]
ADAPTERS: dict[str, Any] = {
    field.alias: field._type_adapter for field in (*CONTEXT.dependant.path_params, *CONTEXT.dependant.query_params)
}


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("table", ["1", "-2"], ["1.0", "+1", "01", "1_0", " 1", "1e0", "\uff11", ""]),
        ("limit", ["1"], ["1.0", "01", "0"]),
        ("score", ["0.5", "1", "-0.25"], [" 0.5", "0_1", "nan", "inf", "1e2", "+1", ".5"]),
        ("open", ["true", "false"], ["1", "0", "yes", "on", "TRUE", " true"]),
        ("name", ["", "1", " x "], []),
    ],
)
def test_a_parameter_is_taken_as_it_is_written(name: str, right: list[str], wrong: list[str]) -> None:
    assert isinstance(ADAPTERS[name], StrictParameterAdapter)
    for value in right:
        ADAPTERS[name].validate_python(value)
    for value in wrong:
        with pytest.raises(ValidationError):
            ADAPTERS[name].validate_python(value)


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("limit=2&name=x", []),
        ("colour=white&limit=2", [("colour", "extra_forbidden")]),
        ("limit=2&limit=3", [("limit", "repeated")]),
        ("Limit=2", [("Limit", "extra_forbidden")]),
    ],
)
async def test_no_parameter_of_whoever_has_a_token_is_dropped(query: str, errors: list[tuple[str, str]]) -> None:
    scope = {"type": "http", "query_string": query.encode(), "route": CONTEXT.original_route}
    await refuse_unknown_parameters(Request({**scope, "headers": []}))
    with pytest.raises(Invalid) if errors else nullcontext() as refusal:
        await refuse_unknown_parameters(Request({**scope, "headers": [(b"authorization", b"Bearer x")]}))
    assert [(error.field, error.rule) for error in refusal.value.errors] == errors if refusal else not errors
