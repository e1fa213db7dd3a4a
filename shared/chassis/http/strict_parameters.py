"""Parameters of paths and queries as they are sent: numbers as they are written, none unknown, none twice."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter, ValidationError
from pydantic_core import InitErrorDetails
from starlette.routing import BaseRoute

from shared.chassis.errors import FieldError, Invalid
from shared.chassis.texts import text

FLOAT = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


class StrictParameterAdapter:
    """Validates a parameter, and refuses what was taken for a number or a truth value: " 1", 1.0, 1_0, yes."""

    def __init__(self, adapter: TypeAdapter[Any]) -> None:
        self._adapter = adapter

    def validate_python(self, value: Any, **options: Any) -> Any:
        """Validate what was sent. Raises ValidationError."""
        result = self._adapter.validate_python(value, **options)
        if isinstance(value, str) and not _is_written_so(value, result):
            error = InitErrorDetails(type=f"{type(result).__name__}_type", loc=(), input=value)
            raise ValidationError.from_exception_data("parameter", [error])
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)


def _is_written_so(sent: str, value: Any) -> bool:
    match value:
        case bool():
            return sent in ("true", "false")
        case int():
            return sent == str(value)
        case float():
            return FLOAT.fullmatch(sent) is not None
        case _:
            return True


def take_parameters_strictly(routes: Iterable[BaseRoute]) -> None:
    """Let every route validate its parameters strictly."""
    for context in iter_route_contexts(list(routes)):
        dependant = getattr(context, "dependant", None)
        for part in _with_dependencies(dependant) if dependant else ():
            for field in (*part.path_params, *part.query_params):
                if not isinstance(field._type_adapter, StrictParameterAdapter):
                    field._type_adapter = StrictParameterAdapter(field._type_adapter)  # type: ignore[assignment]


def _with_dependencies(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for dependency in dependant.dependencies:
        yield from _with_dependencies(dependency)


async def refuse_unknown_parameters(request: Request) -> None:
    """Refuse a query with a parameter that would be dropped. Raises Invalid.

    Calendar programs, which have no token, add parameters of their own.
    """
    dependant = getattr(request.scope.get("route"), "dependant", None)
    if dependant is None or not request.query_params or "authorization" not in request.headers:
        return
    names = {field.alias for part in _with_dependencies(dependant) for field in part.query_params}
    sent = [name for name, _ in request.query_params.multi_items()]
    if unknown := [name for name in sent if name not in names]:
        raise _refusal(unknown, "extra_forbidden", "pydantic-extra-forbidden")
    if repeated := [name for name in dict.fromkeys(sent) if sent.count(name) > 1]:
        raise _refusal(repeated, "repeated", "field-repeated")


def _refusal(names: list[str], rule: str, key: str) -> Invalid:
    errors = [FieldError(name, rule, text(key)) for name in names]
    return Invalid("invalid", *errors, message=text("field-invalid", field=errors[0].field, message=errors[0].message))
