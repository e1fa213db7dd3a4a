"""Conditional reads: entity tags and If-None-Match."""

import hashlib
import re
from typing import Annotated, Any

from fastapi import Header

IfNoneMatch = Annotated[
    str | None, Header(max_length=1000, description="The ETag that was read; 304 while the answer is unchanged.")
]
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged since it was read."}}
"""The answer to If-None-Match, for the documents."""
ENTITY_TAG = re.compile(r'(?:W/)?("[!#-~\x80-\xff]*")')
"""RFC 9110, 8.8.3: no blank and no quote stands between the quotes."""
ENTITY_TAGS = re.compile(rf"{ENTITY_TAG.pattern}(?:[ \t]*,[ \t,]*{ENTITY_TAG.pattern})*")
"""A list of them, from the first to the last (RFC 9110, 5.6.1): elements may be empty."""


def tag_of(written: bytes | memoryview) -> str:
    """The entity tag of an answer, from its bytes."""
    return f'"{hashlib.sha256(written).hexdigest()[:32]}"'


def tag_matches(if_none_match: str | None, tag: str) -> bool:
    """Whether If-None-Match names this tag, by weak comparison (RFC 9110, 13.1.2). What is no list of entity tags names none."""
    if if_none_match is None or if_none_match.strip() == "*":
        return if_none_match is not None
    if ENTITY_TAGS.fullmatch(if_none_match.strip(" \t,")) is None:
        return False
    return tag.removeprefix("W/") in ENTITY_TAG.findall(if_none_match)


def opaque_tag(written: str) -> str | None:
    """Read what stands between the quotes of one entity tag, weak or strong; None where it is none."""
    tag = ENTITY_TAG.fullmatch(written.strip())
    return None if tag is None else tag[1][1:-1]
