"""What answers are made of."""

from typing import Annotated

from fastapi import Response
from pydantic import Field

from shared.chassis.http.answers import Answer

People = Annotated[
    list[str], Field(description="Who comes, in the order of the members: `member:representative`, or the member itself.")
]
Labels = Annotated[list[str | None], Field(description="What the `people` are called, in their order.")]
Room = Annotated[str, Field(description="The label of the table, else the venue, or Online.")]


class NamedMember(Answer):
    """A member, and its name where that is known."""

    id: str
    name: str | None


class Svg(Response):
    """A picture."""

    media_type = "image/svg+xml"
