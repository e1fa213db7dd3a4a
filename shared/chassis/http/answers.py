"""What operations answer with: pydantic models made from typed values, used for the document and for the bytes."""

from dataclasses import fields
from datetime import datetime
from types import SimpleNamespace
from typing import Annotated, Any, TypeVar

from fastapi import Response
from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from shared.chassis.writes.aggregate import Stored
from shared.contracts.base import to_text

A = TypeVar("A", bound="Answer")
Moment = Annotated[
    datetime,
    PlainSerializer(to_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time in an answer: RFC 3339 in UTC with milliseconds."""


class Answer(BaseModel):
    """An answer, or a part of it. Its fields are read from attributes; none has a default, so all are in every answer."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, serialize_by_alias=True)


def answer_of(model: type[A], stored: Stored[Any], **derived: Any) -> A:
    """The answer for an aggregate: id, version, the fields of its state that the model names, and what is `derived`."""
    return model.model_validate(SimpleNamespace(**_fields(stored.state) | {"id": stored.id, "version": stored.version} | derived))


def _fields(state: Any) -> dict[str, Any]:
    return {field.name: getattr(state, field.name) for field in fields(state)}


def etag(version: int) -> str:
    """Write a version as an entity tag."""
    return f'"{version}"'


def json_response(model: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with a model whose bytes or headers the operation needs itself; others return the model."""
    return Response(model.model_dump_json(), status, headers, "application/json")


def tagged(model: BaseModel, version: int) -> Response:
    """Answer with a model and the version it shows as ETag, to send back as If-Match."""
    return json_response(model, headers={"ETag": etag(version)})
