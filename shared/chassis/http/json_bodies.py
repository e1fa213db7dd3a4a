"""JSON as it is sent: UTF-8, declared as JSON, and each field given once; the framework would keep the last of several."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from email.message import Message
from typing import Any, TypeAlias

from fastapi import Request
from starlette.exceptions import HTTPException

from shared.chassis.errors import FieldError, Invalid, invalid
from shared.chassis.texts import text

Path: TypeAlias = tuple[int | str, ...]


class _Repeating(dict[str, Any]):
    """An object in which these names were given more than once."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]


def read_json(raw: bytes) -> Any:
    """Decode JSON. Raises Invalid for a field that is given more than once.

    Raises ValueError for what is no JSON in UTF-8, RecursionError for what is nested too deeply.
    """
    ambiguous = False

    def object_of(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal ambiguous
        fields = dict(pairs)
        if len(fields) == len(pairs):
            return fields
        ambiguous = True
        return _Repeating(pairs)

    value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=object_of)
    if ambiguous:
        errors = [FieldError(".".join(map(str, path)), "repeated", text("field-repeated")) for path in _repeated(value, ())]
        message = text("field-invalid", field=errors[0].field, message=errors[0].message)
        raise Invalid("invalid", *errors, message=message)
    return value


def _repeated(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, _Repeating):
        yield from ((*path, name) for name in value.repeated)
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _repeated(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _repeated(item, (*path, number))


async def refuse_ambiguous_body(request: Request) -> None:
    """Refuse a body that the framework would read in its own way. Raises Invalid, and HTTPException for what is no JSON."""
    body = await request.body() if getattr(request.scope.get("route"), "body_field", None) is not None else b""
    if not body:
        return
    if not _is_json(request.headers.get("content-type", "")):
        raise invalid("body", "content_type", "field-content-type")
    try:
        read_json(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error


def _is_json(content_type: str) -> bool:
    """Whether the framework reads this type of content as JSON."""
    message = Message()
    message["content-type"] = content_type
    subtype = message.get_content_subtype()
    return message.get_content_maintype() == "application" and (subtype == "json" or subtype.endswith("+json"))
