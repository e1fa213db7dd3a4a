"""What answers are made of."""

from typing import Annotated, Any, Generic, TypeVar

from fastapi import Response
from pydantic import Field

from shared.chassis.http.answers import Answer
from shared.chassis.mongo import Document

T = TypeVar("T")
People = Annotated[
    list[str], Field(description="Who comes, in the order of the members: `member:representative`, or the member itself.")
]
Labels = Annotated[list[str | None], Field(description="What the `people` are called, in their order.")]
Room = Annotated[str, Field(description="The label of the table, else the venue, or Online.")]


class PageOf(Answer, Generic[T]):
    """A page of a list; `next` is null on the last one."""

    items: list[T]
    next: str | None


class NamedMember(Answer):
    """A member, and its name where that is known."""

    id: str
    name: str | None


def gives(model: Any, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """Describe the answer of an operation by its model, or by some of which it is one (`A | B`)."""
    return {status: {"model": model}}


def shown(document: Document) -> dict[str, Any]:
    """Show an aggregate as it is."""
    return {"id": document["_id"], "version": document["version"], **document["state"]}


class Svg(Response):
    """A picture."""

    media_type = "image/svg+xml"
