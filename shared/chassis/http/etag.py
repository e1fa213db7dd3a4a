"""Reading again only what has changed: entity tags, and If-None-Match."""

import hashlib
from typing import Annotated, Any

from fastapi import Header

IfNoneMatch = Annotated[
    str | None, Header(max_length=1000, description="The ETag that was read; while the answer is the same it is 304.")
]
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "What was read is still so."}}
"""The answer to If-None-Match, for the documents."""


def tag_of(written: bytes | memoryview) -> str:
    """Name an answer by its bytes: the same answer has the same tag."""
    return f'"{hashlib.sha256(written).hexdigest()[:32]}"'


def is_known(if_none_match: str | None, tag: str) -> bool:
    """Tell whether the caller has the answer with this tag, by weak comparison (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    given = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return "*" in given or tag.removeprefix("W/") in given
