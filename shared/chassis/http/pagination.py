"""Cursor pagination: a page, and an opaque cursor to the next one; stable while documents come and go."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from shared.chassis.errors import FieldError, Invalid
from shared.chassis.mongo import ASCENDING, DESCENDING, Collection, Document, Mongo
from shared.chassis.texts import text
from shared.chassis.writes.aggregate import Aggregate, Stored

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="Where to go on: `next` of the page before.")]


S = TypeVar("S")
T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A page of a list; `next` is null on the last one."""

    model_config = ConfigDict(extra="forbid")

    items: list[T]
    next: str | None


async def page(
    collection: Collection,
    query: Mapping[str, Any],
    limit: int,
    cursor: str | None,
    show: Callable[[Document], T],
    *,
    newest_first: bool = False,
    key: str = "_id",
) -> Page[T]:
    """Read a page in the order of ids, or of another unique text, `key`. Raises Invalid where the cursor is none of ours."""
    condition = dict(query)
    if cursor is not None:
        after = "$lt" if newest_first else "$gt"
        condition = {"$and": [condition, {key: {after: read_cursor(cursor)}}]}
    order = DESCENDING if newest_first else ASCENDING
    documents = await collection.find(condition).sort(key, order).limit(limit + 1).to_list(None)
    following = write_cursor(documents[limit - 1][key]) if len(documents) > limit else None
    return Page(items=[show(document) for document in documents[:limit]], next=following)


async def aggregate_page(
    mongo: Mongo,
    aggregate: Aggregate[S],
    query: Mapping[str, Any],
    limit: int,
    cursor: str | None,
    show: Callable[[Stored[S]], T],
) -> Page[T]:
    """Read a page of aggregates in the order of their ids. Raises Invalid for a foreign cursor."""
    collection = mongo[aggregate.collection]
    return await page(collection, query, limit, cursor, lambda document: show(aggregate.read(document)))


def write_cursor(id: str) -> str:
    """The cursor of the last item of a page."""
    return base64.urlsafe_b64encode(json.dumps(id).encode()).decode()


def read_cursor(cursor: str) -> str:
    """The last item before a cursor. Raises Invalid for a cursor of another list."""
    try:
        id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        str(id).encode()  # JSON can name half a character, which no database takes
    except (binascii.Error, ValueError):
        id = None
    # The decoder passes over what is no base64: only what was written is a cursor.
    if not isinstance(id, str) or write_cursor(id) != cursor:
        raise foreign_cursor()
    return id


def foreign_cursor() -> Invalid:
    """Refuse a cursor that no page of the list ended with."""
    return Invalid("cursor-malformed", FieldError("cursor", "cursor", text("field-cursor")))
