"""Answers held to the document of their API: wherever a test is answered, no field is missing, new or of another type."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
from fastapi import APIRouter, FastAPI
from jsonschema import Draft202012Validator, FormatChecker

FORMATS = FormatChecker()


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@dataclass(frozen=True)
class Operation:
    """What the document says of an operation: which requests it answers, and the schemas of its JSON answers by status."""

    method: str
    path: str
    pattern: re.Pattern[str]
    schemas: Mapping[int, Mapping[str, Any]]


_read: dict[int, tuple[APIRouter, Sequence[Operation]]] = {}
"""By the identity of a router, which has no hash; it is kept, so that it stays its own."""


def operations(router: APIRouter) -> Sequence[Operation]:
    """Read the operations of an API from its document, once, in the order in which they are looked for."""
    if id(router) not in _read:
        _read[id(router)] = router, _operations(router)
    return _read[id(router)][1]


def _operations(router: APIRouter) -> Sequence[Operation]:
    app = FastAPI()
    app.include_router(router, prefix="/v1")
    document = app.openapi()
    declared = []
    for path, methods in document["paths"].items():
        pattern = re.compile("[^/]+".join(map(re.escape, re.split(r"\{\w+\}", path))))
        for method, operation in methods.items():
            answers = {status: answer.get("content", {}) for status, answer in operation["responses"].items()}
            schemas = {
                int(status): {**content["application/json"]["schema"], "components": document.get("components")}
                for status, content in answers.items()
                if status.startswith("2") and "application/json" in content
            }
            declared.append(Operation(method.upper(), path, pattern, schemas))
    return declared


def operation_of(router: APIRouter, answer: httpx2.Response) -> Operation | None:
    """Find the operation that gave an answer."""
    method, path = answer.request.method, answer.request.url.path
    return next(
        (operation for operation in operations(router) if operation.method == method and operation.pattern.fullmatch(path)), None
    )


def held_to_document(router: APIRouter) -> Callable[[httpx2.Response], Awaitable[None]]:
    """Make a check of each answer by what the document says of it."""

    async def check(answer: httpx2.Response) -> None:
        operation = operation_of(router, answer)
        schema = operation.schemas.get(answer.status_code, {}) if operation else {}
        if schema.keys() - {"components"}:
            await answer.aread()
            Draft202012Validator(schema, format_checker=FORMATS).validate(answer.json())

    return check
