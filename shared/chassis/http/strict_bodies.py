"""Bodies as they are sent: nothing is taken for another type, and none is given to a command that takes none."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from fastapi import Request
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter, ValidationError
from pydantic_core import InitErrorDetails
from starlette.routing import BaseRoute

from shared.chassis.errors import FieldError, Invalid
from shared.chassis.http.read_only_mode import SAFE_METHODS
from shared.chassis.http.request_bodies import DECLARED, RequestBody
from shared.chassis.texts import text

Path: TypeAlias = tuple[int | str, ...]
TYPES: Mapping[str, str] = {kind: f"{kind}_type" for kind in ("int", "float", "bool", "list")} | {"str": "string_type"}


class StrictAdapter:
    """Validates a decoded body and refuses what was taken for another type: the framework would take "5" for 5."""

    def __init__(self, adapter: TypeAdapter[Any]) -> None:
        self._adapter = adapter

    def validate_python(self, value: Any, **options: Any) -> Any:
        """Validate what the framework decoded. Raises ValidationError."""
        model = self._adapter.validate_python(value, **options)
        refuse_coercions(value, self._adapter.dump_python(model, mode="json", exclude_unset=True))
        return model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)


def refuse_coercions(sent: Any, result: Any) -> None:
    """Raise ValidationError for every value of a body that has another type in the model made of it."""
    errors = [
        InitErrorDetails(type=TYPES.get(kind, "none_required"), loc=path, input=value)
        for path, value, kind in _coerced(sent, result, ())
    ]
    if errors:
        raise ValidationError.from_exception_data("body", errors)


def _coerced(sent: Any, result: Any, path: Path) -> Iterator[tuple[Path, Any, str]]:
    if isinstance(sent, dict) and isinstance(result, dict):
        for name in sent.keys() & result.keys():
            yield from _coerced(sent[name], result[name], (*path, name))
    elif isinstance(sent, list) and isinstance(result, list):
        for number, items in enumerate(zip(sent, result, strict=False)):
            yield from _coerced(*items, (*path, number))
    elif type(sent) is not type(result) and not (type(sent) is int and type(result) is float):
        yield path, sent, type(result).__name__


def take_bodies_strictly(routes: Iterable[BaseRoute]) -> None:
    """Let every route validate its body strictly."""
    for context in iter_route_contexts(list(routes)):
        dependant = getattr(context, "dependant", None)
        for field in dependant.body_params if dependant else ():
            if not isinstance(field._type_adapter, StrictAdapter):
                field._type_adapter = StrictAdapter(field._type_adapter)


async def refuse_unexpected_body(request: Request) -> None:
    """Refuse a body that the command would drop. Raises Invalid."""
    route = request.scope.get("route")
    if request.method in SAFE_METHODS or getattr(route, "body_field", None) is not None:
        return
    declared: RequestBody = getattr(getattr(route, "endpoint", None), DECLARED, RequestBody())
    if not declared.streamed and await request.body():
        raise Invalid("body-unexpected", FieldError("body", "absent", text("field-no-body")))
