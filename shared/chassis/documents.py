"""The edge of the store: documents become typed values where they are read, and documents where they are written."""

from typing import Any, TypeVar, cast

from pydantic import BaseModel, TypeAdapter

from shared.contracts.human_text import READING

T = TypeVar("T")
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    # Built once a type: it compiles a validator.
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def parse(kind: type[T], document: Any) -> T:
    """Parse a document, or a value that an event carries, into a frozen dataclass; fields it does not declare are left out.

    About 5 µs for a small one, 10 ms for 5,000 placements. Raises ValidationError (a ValueError) for one that does not fit.
    """
    plain = document.model_dump() if isinstance(document, BaseModel) else document
    return cast(T, _adapter(kind).validate_python(plain, context=READING))


def to_document(value: Any) -> Any:
    """Write a typed value as a document: dataclasses as dicts, tuples and times as they are."""
    return _adapter(type(value)).dump_python(value)


def parse_entry(kind: type[T], document: Any) -> T:
    """Parse a ledger entry into a dataclass whose field `id` is the document's `_id`."""
    return parse(kind, {"id": document["_id"], **document})


def to_entry(value: Any) -> Any:
    """Write a dataclass with an `id` as a ledger entry."""
    document = to_document(value)
    return {"_id": document.pop("id"), **document}
