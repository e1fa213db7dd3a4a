"""Conditional reads: entity tags and If-None-Match."""

import hashlib
from typing import Annotated, Any

from fastapi import Header

IfNoneMatch = Annotated[
    str | None, Header(max_length=1000, description="The ETag that was read; 304 while the answer is unchanged.")
]
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged since it was read."}}
"""The answer to If-None-Match, for the documents."""


def tag_of(written: bytes | memoryview) -> str:
    """The entity tag of an answer, from its bytes."""
    return f'"{hashlib.sha256(written).hexdigest()[:32]}"'


def tag_matches(if_none_match: str | None, tag: str) -> bool:
    """Whether If-None-Match names this tag, by weak comparison (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    tags = [candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags
